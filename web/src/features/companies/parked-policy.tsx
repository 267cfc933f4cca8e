import type { ZonedDateTime } from '@internationalized/date'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { parkedKinds, type Company, type ParkedKind } from '@/api/schema'
import { DateField } from '@/components/date-field'
import { NumberField } from '@/components/field'
import { ListView } from '@/components/list-view'
import { Facts } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { SentForm } from '@/components/sent-form'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useDraft, type Seen } from '@/lib/use-seen'
import { instantOf, thisMinute } from '@/lib/zoned'
import { companyQuery, parkedPoliciesQuery } from './queries'

/** What a policy does, in one sentence. */
function useMeaning() {
    const text = useText()
    const format = useFormat()
    return (kind: ParkedKind, minutes: number | null) =>
        text(`companies.parked.${kind}.what`, kind === 'cap' ? { minutes: format.exact(minutes) } : {})
}

interface Draft { kind: ParkedKind; minutes: number | null }
const draftOf = ({ parked_policy: { kind, minutes } }: Company): Draft => ({ kind, minutes })

function PolicyForm({ seen: { seen: company, see, load } }: { seen: Seen<Company> }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const meaning = useMeaning()
    const [{ kind, minutes }, set] = useDraft(company, draftOf)
    const [from, setFrom] = useState<ZonedDateTime | null>(() => thisMinute(company.zone))
    const save = async () => {
        if (!from) return
        const effective_from = instantOf(from)
        const body = { kind, minutes: kind === 'cap' && minutes !== null ? minutes : company.parked_policy.minutes, effective_from }
        const next = await call('PUT /v1/companies/{id}/parked-policy', { path: { id: company.id }, version: company.version, body })
        see(next)
        client.setQueryData(companyQuery(company.id).queryKey, next)
        await client.invalidateQueries()
        toast(text('companies.parked.done', { at: format.dateTime(effective_from, company.zone) }))
    }
    return (
        <SentForm onSend={save} load={load} action={text('companies.parked.save')} className="flex max-w-lg flex-col gap-4">
            <SelectField
                label={text('companies.parked.kind')} name="kind" value={kind} onChange={(kind) => set({ kind })} hint={meaning(kind, minutes)}
                choices={parkedKinds.map((id) => ({ id, label: text(`companies.parked.${id}`) }))}
            />
            {kind === 'cap' && <NumberField label={text('companies.parked.minutes')} name="minutes" value={minutes} isRequired onChange={(minutes) => set({ minutes })} />}
            <DateField
                label={text('calibrations.from')} name="effective_from" value={from} onChange={setFrom}
                granularity="minute" isRequired hint={text('span.zone', { zone: company.zone })}
            />
            <p className="text-sm text-ink-soft">{text('companies.parked.effect')}</p>
        </SentForm>
    )
}

/** Which rule holds from when, those to come first. */
function DatedPolicies({ company }: { company: Company }) {
    const text = useText()
    const format = useFormat()
    const meaning = useMeaning()
    const query = useInfiniteQuery(parkedPoliciesQuery(company.id))
    return (
        <ListView query={query} empty={null}>
            {(items) => (
                <ul aria-label={text('companies.parked.rules')} className="flex flex-col gap-1.5 text-sm">
                    {items.map(({ effective_from: at, kind, minutes }) => (
                        <li key={at}>
                            <span className="tabular text-ink-soft">{text('companies.parked.since', { at: format.dateTime(at, company.zone) })}</span>
                            {' '}{meaning(kind, minutes)}
                        </li>
                    ))}
                </ul>
            )}
        </ListView>
    )
}

/** What becomes of visits near a vehicle that stands: the rule in force, those of other times, and another for those who may set one. */
export function ParkedPolicy({ company, seen, mayEdit }: { company: Company; seen: Seen<Company>; mayEdit: boolean }) {
    const text = useText()
    const meaning = useMeaning()
    const { kind, minutes } = company.parked_policy
    return (
        <div className="flex flex-col gap-4">
            <Facts items={[[text('companies.parked.now'), meaning(kind, minutes)]]} />
            <DatedPolicies company={company} />
            {mayEdit && <PolicyForm seen={seen} />}
        </div>
    )
}
