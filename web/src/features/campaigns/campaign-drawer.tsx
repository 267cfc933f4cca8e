import { parseDate, type CalendarDate } from '@internationalized/date'
import { useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Campaign, CampaignIn, Daypart } from '@/api/schema'
import { useSession } from '@/api/session'
import { Drawer, DrawerForm } from '@/components/drawer'
import { DateField } from '@/components/date-field'
import { NumberField, TextField } from '@/components/field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { localDay, spanOf } from '@/lib/range'
import { useDraft, useSeen } from '@/lib/use-seen'
import { DaypartFields } from './daypart-fields'
import { campaignQuery } from './queries'

interface Draft { name: string; advertiser: string; first: string; last: string; goal: number | null; dayparts: Daypart[] }

function draftOf(campaign: Campaign | undefined): Draft {
    if (!campaign) return { name: '', advertiser: '', first: '', last: '', goal: null, dayparts: [] }
    return {
        name: campaign.name,
        advertiser: campaign.advertiser,
        first: localDay(campaign.from, campaign.zone),
        last: localDay(Date.parse(campaign.to) - 1, campaign.zone),
        goal: campaign.goal_impressions,
        dayparts: campaign.dayparts,
    }
}

function bodyOf(draft: Draft, zone: string): CampaignIn {
    return {
        name: draft.name.trim(),
        advertiser: draft.advertiser.trim(),
        ...spanOf(draft.first, draft.last, zone),
        goal_impressions: draft.goal,
        dayparts: draft.dayparts,
    }
}

/** Only what was changed here: a flight may begin within a day, which the form's days cannot say. */
function changesOf(before: Draft, draft: Draft, zone: string): Partial<CampaignIn> {
    const body = bodyOf(draft, zone)
    const changed = (field: keyof Draft) => draft[field] !== before[field]
    return {
        ...(changed('name') && { name: body.name }),
        ...(changed('advertiser') && { advertiser: body.advertiser }),
        ...(changed('first') && { from: body.from }),
        ...(changed('last') && { to: body.to }),
        ...(changed('goal') && { goal_impressions: body.goal_impressions }),
        ...(changed('dayparts') && { dayparts: body.dayparts }),
    }
}

const dayOf = (text: string): CalendarDate | null => (text ? parseDate(text) : null)

function CampaignForm({ campaign, onClose, onSaved }: {
    campaign: Campaign | undefined; onClose: () => void; onSaved: (campaign: Campaign) => void
}) {
    const text = useText()
    const client = useQueryClient()
    const { company } = useSession()
    const { seen, load } = useSeen(campaign, () => client.fetchQuery({ ...campaignQuery(campaign!.id), staleTime: 0 }))
    const [draft, set] = useDraft(seen, draftOf)
    const zone = seen?.zone ?? company?.zone ?? 'UTC'
    const save = async () => {
        const saved = seen
            ? await call('PATCH /v1/campaigns/{id}', {
                path: { id: seen.id }, version: seen.version, body: changesOf(draftOf(seen), draft, zone),
            })
            : await call('POST /v1/campaigns', { body: bodyOf(draft, zone) })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onSaved(saved)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} load={load} saveLabel={text(campaign ? 'action.save' : 'action.create')}>
            <TextField label={text('campaigns.name')} name="name" value={draft.name} isRequired onChange={(name) => set({ name })} autoFocus />
            <TextField label={text('campaigns.advertiser')} name="advertiser" value={draft.advertiser} onChange={(advertiser) => set({ advertiser })} />
            <div className="grid grid-cols-2 gap-3">
                <DateField label={text('campaigns.first_day')} name="from" value={dayOf(draft.first)} isRequired onChange={(day) => set({ first: day?.toString() ?? '' })} />
                <DateField label={text('campaigns.last_day')} name="to" value={dayOf(draft.last)} isRequired onChange={(day) => set({ last: day?.toString() ?? '' })} />
            </div>
            <p className="-mt-2 text-xs text-ink-soft">{text('campaigns.zone.hint', { zone })}</p>
            <NumberField
                label={text('campaigns.goal')} name="goal_impressions" value={draft.goal} minValue={1}
                hint={text('campaigns.goal.hint')} onChange={(goal) => set({ goal })}
            />
            <DaypartFields value={draft.dayparts} onChange={(dayparts) => set({ dayparts })} />
        </DrawerForm>
    )
}

export function CampaignDrawer({ campaign, isOpen, onClose, onSaved }: {
    campaign?: Campaign; isOpen: boolean; onClose: () => void; onSaved: (campaign: Campaign) => void
}) {
    const text = useText()
    return (
        <Drawer title={text(campaign ? 'campaigns.edit' : 'campaigns.new')} isOpen={isOpen} onClose={onClose}>
            <CampaignForm campaign={campaign} onClose={onClose} onSaved={onSaved} />
        </Drawer>
    )
}
