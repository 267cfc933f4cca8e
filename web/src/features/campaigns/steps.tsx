import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, isChanged } from '@/api/client'
import type { Campaign, CampaignState, CampaignVerb } from '@/api/schema'
import { Button } from '@/components/button'
import { lazyDrawer } from '@/components/lazy-drawer'
import { MoreMenu } from '@/components/menu'
import { toast } from '@/components/toasts'
import { problemText } from '@/components/states'
import { useLocale, useText } from '@/lib/i18n/text'

const Confirm = lazyDrawer(async () => (await import('@/components/confirm')).Confirm)

/** What a campaign may do next: the usual step first. The server decides; this only decides what is offered. */
export const stepsOf: Record<CampaignState, CampaignVerb[]> = {
    draft: ['book', 'cancel'],
    booked: ['launch', 'cancel'],
    live: ['pause', 'finish', 'cancel'],
    paused: ['resume', 'finish', 'cancel'],
    finished: [],
    cancelled: [],
}
type Final = 'finish' | 'cancel'
const isFinal = (verb: CampaignVerb): verb is Final => verb === 'finish' || verb === 'cancel'

export function CampaignSteps({ campaign, onEdit }: { campaign: Campaign; onEdit: () => void }) {
    const text = useText()
    const locale = useLocale()
    const client = useQueryClient()
    const [asking, setAsking] = useState<{ verb: Final; version: string } | null>(null)
    const [isBusy, setBusy] = useState(false)
    const load = () => client.invalidateQueries({}, { throwOnError: true })
    const take = async (verb: CampaignVerb, version: string) => {
        await call(`POST /v1/campaigns/{id}/${verb}`, { path: { id: campaign.id }, version })
        await client.invalidateQueries()
        toast(text(`campaigns.done.${verb}`))
    }
    const start = (verb: CampaignVerb) => {
        const { version } = campaign
        if (isFinal(verb)) return setAsking({ verb, version })
        // A second press would be about what the first has changed.
        if (isBusy) return
        setBusy(true)
        take(verb, version)
            .catch(async (error: unknown) => {
                if (!isChanged(error)) throw error
                await load()
                toast(text('state.changed'), 'bad')
            })
            .catch((error: unknown) => toast(problemText(error, text, locale).detail, 'bad'))
            .finally(() => setBusy(false))
    }
    const steps = stepsOf[campaign.state]
    const usual = steps[0]
    return (
        <>
            {usual && <Button kind={usual === 'pause' ? 'plain' : 'primary'} onPress={() => start(usual)}>{text(`campaigns.verb.${usual}`)}</Button>}
            <MoreMenu
                actions={[
                    { id: 'edit', label: text('action.edit'), onAction: onEdit },
                    ...steps.slice(1).map((verb) => ({
                        id: verb, label: text(`campaigns.verb.${verb}`), danger: verb === 'cancel', onAction: () => start(verb),
                    })),
                ]}
            />
            <Confirm
                title={asking ? text(`campaigns.ask.${asking.verb}`) : ''}
                detail={asking ? text(`campaigns.ask.${asking.verb}.detail`) : ''}
                action={asking ? text(`campaigns.verb.${asking.verb}`) : ''}
                isOpen={asking !== null}
                onClose={() => setAsking(null)}
                onConfirm={() => take(asking!.verb, asking!.version)}
                load={load}
            />
        </>
    )
}
