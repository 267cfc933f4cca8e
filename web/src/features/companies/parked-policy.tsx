import type { ZonedDateTime } from '@internationalized/date'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { parkedKinds, type Company, type ParkedKind } from '@/api/schema'
import { DateField } from '@/components/date-field'
import { NumberField } from '@/components/field'
import { Facts } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { SentForm } from '@/components/sent-form'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { instantOf, thisMinute } from '@/lib/zoned'
import { companyQuery } from './queries'

/** What a policy does, in one sentence. */
function useMeaning() {
    const text = useText()
    const format = useFormat()
    return (kind: ParkedKind, minutes: number | null) =>
        text(`companies.parked.${kind}.what`, kind === 'cap' ? { minutes: format.exact(minutes) } : {})
}

function PolicyForm({ company }: { company: Company }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const meaning = useMeaning()
    const [kind, setKind] = useState(company.parked_policy.kind)
    const [minutes, setMinutes] = useState<number | null>(company.parked_policy.minutes)
    const [from, setFrom] = useState<ZonedDateTime | null>(() => thisMinute(company.zone))
    const save = async () => {
        if (!from) return
        const effective_from = instantOf(from)
        const body = { kind, minutes: kind === 'cap' && minutes !== null ? minutes : company.parked_policy.minutes, effective_from }
        const next = await call('PUT /v1/companies/{id}/parked-policy', { path: { id: company.id }, body })
        client.setQueryData(companyQuery(company.id).queryKey, next)
        await client.invalidateQueries()
        toast(text('companies.parked.done', { at: format.dateTime(effective_from, company.zone) }))
    }
    return (
        <SentForm onSend={save} action={text('companies.parked.save')} className="flex max-w-lg flex-col gap-4">
            <SelectField
                label={text('companies.parked.kind')} name="kind" value={kind} onChange={setKind} hint={meaning(kind, minutes)}
                choices={parkedKinds.map((id) => ({ id, label: text(`companies.parked.${id}`) }))}
            />
            {kind === 'cap' && <NumberField label={text('companies.parked.minutes')} name="minutes" value={minutes} isRequired onChange={setMinutes} />}
            <DateField
                label={text('calibrations.from')} name="effective_from" value={from} onChange={setFrom}
                granularity="minute" isRequired hint={text('span.zone', { zone: company.zone })}
            />
            <p className="text-sm text-ink-soft">{text('companies.parked.effect')}</p>
        </SentForm>
    )
}

/** What becomes of visits near a vehicle that stands: the rule in force, and another for those who may set one. */
export function ParkedPolicy({ company, mayEdit }: { company: Company; mayEdit: boolean }) {
    const text = useText()
    const meaning = useMeaning()
    const { kind, minutes } = company.parked_policy
    return (
        <div className="flex flex-col gap-4">
            <Facts items={[[text('companies.parked.now'), meaning(kind, minutes)]]} />
            {mayEdit && <PolicyForm company={company} />}
        </div>
    )
}
