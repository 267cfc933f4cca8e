import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { call, rememberSession } from '@/api/client'
import { sessionQuery } from '@/api/session'
import type { InvitationOffer } from '@/api/schema'
import { TextField } from '@/components/field'
import { Failure, Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { isCodeWanted } from './code-field'
import { useEnter } from './enter'
import { BackToSignIn } from './forgot-password-page'
import { useLetterToken } from './letter-token'
import { OutsidePage, outsideBox } from './outside-page'
import { SentForm } from '@/components/sent-form'

function useOffer(token: string) {
    return useQuery({
        queryKey: ['invitation', token],
        queryFn: ({ signal }) => call('POST /v1/invitations/preview', { body: { token } }, signal),
        retry: false,
        staleTime: Infinity,
    })
}

/** Somebody who is signed in with the invited address needs no password. */
function JoinForm({ token, offer }: { token: string; offer: InvitationOffer }) {
    const text = useText()
    const client = useQueryClient()
    const router = useRouter()
    const join = async () => {
        await call('POST /v1/invitations/join', { body: { token } })
        const session = await call('POST /v1/sessions/current/company', { body: { company_id: offer.company.id } })
        rememberSession(session)
        client.clear()
        client.setQueryData(sessionQuery.queryKey, session)
        router.history.push('/')
    }
    return (
        <SentForm onSend={join} action={text('accept.join')} className={outsideBox}>
            <p className="text-sm">{text('accept.signed_in', { email: offer.email })}</p>
        </SentForm>
    )
}

function AcceptForm({ token, offer }: { token: string; offer: InvitationOffer }) {
    const text = useText()
    const enter = useEnter()
    const router = useRouter()
    const accept = async (form: FormData) => {
        const password = String(form.get('password'))
        const name = form.get('name')
        await call('POST /v1/invitations/accept', { body: { token, password, name: name === null ? null : String(name) } })
        // They have joined by now; a code is asked for on the page that always asks.
        await enter({ email: offer.email, password }).catch((error: unknown) => {
            if (!isCodeWanted(error)) throw error
            return router.navigate({ to: '/sign-in' })
        })
    }
    return (
        <SentForm onSend={accept} action={text('accept.join')} className={outsideBox}>
            <p className="text-sm text-ink-soft">{text(offer.has_account ? 'accept.known' : 'accept.new', { email: offer.email })}</p>
            {!offer.has_account && <TextField label={text('members.name')} name="name" autoComplete="name" isRequired autoFocus />}
            {offer.has_account
                ? <TextField label={text('auth.password')} name="password" type="password" autoComplete="current-password" isRequired autoFocus />
                : (
                    <TextField
                        label={text('password.new')} name="password" type="password" autoComplete="new-password" isRequired
                        hint={text('password.hint')}
                    />
                )}
        </SentForm>
    )
}

export function AcceptInvitationPage() {
    const text = useText()
    const token = useLetterToken()
    const query = useOffer(token)
    const session = useQuery(sessionQuery)
    const offer = query.data
    const lead = offer && text('accept.lead', {
        company: offer.company.name, role: text(`role.${offer.role}`), inviter: offer.invited_by ?? 'Mobilytics',
    })
    return (
        <OutsidePage title={text('accept.title')} lead={lead}>
            {query.error && <div className={outsideBox}><Failure error={query.error} /></div>}
            {(query.isPending || session.isPending) && !query.error && <Waiting />}
            {offer && !session.isPending && (session.data?.user.email === offer.email
                ? <JoinForm token={token} offer={offer} />
                : <AcceptForm token={token} offer={offer} />)}
            <BackToSignIn />
        </OutsidePage>
    )
}
