import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { staffMay, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { SentForm } from '@/components/sent-form'
import { Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useLocale, useText, type Locale } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { firstOwnerQuery } from './queries'
import { OwnerFields } from './owner-fields'

function InviteForm({ companyId, email, onDone }: { companyId: string; email: string; onDone: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const [owner, setOwner] = useState<{ email: string; locale: Locale }>({ email, locale: useLocale() })
    const send = async () => {
        const next = await call('PUT /v1/companies/{id}/first-owner', { path: { id: companyId }, body: owner })
        client.setQueryData(firstOwnerQuery(companyId).queryKey, next)
        toast(text('companies.owner.sent', { email: owner.email }))
        onDone()
    }
    return (
        <SentForm onSend={send} action={text('companies.owner.invite')} className="flex flex-col gap-3">
            <OwnerFields owner={owner} onChange={setOwner} isRequired />
        </SentForm>
    )
}

/** Whether a company has an owner; while it has none, staff invite one. */
export function FirstOwner({ companyId, zone }: { companyId: string; zone: string }) {
    const text = useText()
    const format = useFormat()
    const query = useQuery(firstOwnerQuery(companyId))
    const [again, setAgain] = useState(false)
    const mayInvite = staffMay(useSession(), 'companies.create')
    if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
    if (!query.data) return <Waiting height={48} />
    const { joined, invited } = query.data
    const said = joined
        ? text('companies.owner.joined')
        : invited
            ? text(Date.parse(invited.expires_at) > Date.now() ? 'companies.owner.invited' : 'companies.owner.expired', { email: invited.email, until: format.dateTime(invited.expires_at, zone) })
            : text('companies.owner.none')
    return (
        <div className="flex flex-col gap-3">
            <p className="text-sm">{said}</p>
            {!joined && mayInvite && (invited && !again
                ? <div><Button onPress={() => setAgain(true)}>{text('companies.owner.again')}</Button></div>
                : <InviteForm companyId={companyId} email={invited?.email ?? ''} onDone={() => setAgain(false)} />)}
        </div>
    )
}
