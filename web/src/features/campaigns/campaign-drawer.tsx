import { parseDate, type CalendarDate } from '@internationalized/date'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Campaign, CampaignIn, Daypart } from '@/api/schema'
import { useSession } from '@/api/session'
import { Drawer, DrawerForm } from '@/components/drawer'
import { DateField } from '@/components/date-field'
import { TextField } from '@/components/field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { localDay, spanOf } from '@/lib/range'
import { DaypartFields } from './daypart-fields'

interface Draft { name: string; advertiser: string; first: string; last: string; goal: string; dayparts: Daypart[] }

function draftOf(campaign: Campaign | undefined): Draft {
    if (!campaign) return { name: '', advertiser: '', first: '', last: '', goal: '', dayparts: [] }
    return {
        name: campaign.name,
        advertiser: campaign.advertiser,
        first: localDay(campaign.from, campaign.zone),
        last: localDay(Date.parse(campaign.to) - 1, campaign.zone),
        goal: campaign.goal_impressions === null ? '' : String(campaign.goal_impressions),
        dayparts: campaign.dayparts,
    }
}

function bodyOf(draft: Draft, zone: string): CampaignIn {
    const span = spanOf(draft.first, draft.last, zone)
    return {
        name: draft.name.trim(),
        advertiser: draft.advertiser.trim(),
        ...span,
        goal_impressions: draft.goal.trim() === '' ? null : Number(draft.goal.replace(/[^\d.]/g, '')),
        dayparts: draft.dayparts,
    }
}

const dayOf = (text: string): CalendarDate | null => (text ? parseDate(text) : null)

function CampaignForm({ campaign, onClose, onSaved }: {
    campaign: Campaign | undefined; onClose: () => void; onSaved: (campaign: Campaign) => void
}) {
    const text = useText()
    const client = useQueryClient()
    const { company } = useSession()
    const [draft, setDraft] = useState(() => draftOf(campaign))
    const zone = campaign?.zone ?? company?.zone ?? 'UTC'
    const set = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
    const save = async () => {
        const body = bodyOf(draft, zone)
        const saved = campaign
            ? await call('PATCH /v1/campaigns/{id}', { path: { id: campaign.id }, body })
            : await call('POST /v1/campaigns', { body })
        await client.invalidateQueries()
        toast(text('state.saved'))
        onSaved(saved)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text(campaign ? 'action.save' : 'action.create')}>
            <TextField label={text('campaigns.name')} name="name" value={draft.name} isRequired onChange={(name) => set({ name })} autoFocus />
            <TextField label={text('campaigns.advertiser')} name="advertiser" value={draft.advertiser} onChange={(advertiser) => set({ advertiser })} />
            <div className="grid grid-cols-2 gap-3">
                <DateField label={text('campaigns.first_day')} name="from" value={dayOf(draft.first)} isRequired onChange={(day) => set({ first: day?.toString() ?? '' })} />
                <DateField label={text('campaigns.last_day')} name="to" value={dayOf(draft.last)} isRequired onChange={(day) => set({ last: day?.toString() ?? '' })} />
            </div>
            <p className="-mt-2 text-xs text-ink-soft">{text('campaigns.zone.hint', { zone })}</p>
            <TextField
                label={text('campaigns.goal')} name="goal_impressions" value={draft.goal} inputMode="numeric"
                pattern="[\d\s.,]*" hint={text('campaigns.goal.hint')} onChange={(goal) => set({ goal })}
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
