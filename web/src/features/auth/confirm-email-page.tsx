import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { sessionQuery } from '@/api/session'
import { LinkButton } from '@/components/button'
import { useText } from '@/lib/i18n/text'
import { useLetterToken } from './letter-token'
import { OutsidePage, outsideBox } from './outside-page'
import { SentForm } from '@/components/sent-form'

/** Asks for a press, since programs that look at mail open links. */
export function ConfirmEmailPage() {
    const text = useText()
    const client = useQueryClient()
    const token = useLetterToken()
    const [email, setEmail] = useState<string | null>(null)
    const send = async () => {
        const confirmed = await call('POST /v1/account/email/confirm', { body: { token } })
        await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        setEmail(confirmed.email)
    }
    return (
        <OutsidePage title={text('confirm_email.title')}>
            {email !== null
                ? (
                    <div className={outsideBox}>
                        <p role="status">{text('confirm_email.done', { email })}</p>
                        <div><LinkButton to="/" kind="primary">{text('confirm_email.go')}</LinkButton></div>
                    </div>
                )
                : (
                    <SentForm onSend={send} action={text('confirm_email.confirm')} className={outsideBox}>
                        <p className="text-sm text-ink-soft">{text('confirm_email.lead')}</p>
                    </SentForm>
                )}
        </OutsidePage>
    )
}
