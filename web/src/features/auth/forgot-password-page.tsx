import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '@/api/client'
import { TextField } from '@/components/field'
import { useText } from '@/lib/i18n/text'
import { OutsidePage, outsideBox } from './outside-page'
import { SentForm } from '@/components/sent-form'

/** Asks for a letter. What it says afterwards is the same for every address. */
export function ForgotPasswordPage() {
    const text = useText()
    const [isSent, setSent] = useState(false)
    const send = async (form: FormData) => {
        await call('POST /v1/password-resets', { body: { email: String(form.get('email')) } })
        setSent(true)
    }
    return (
        <OutsidePage title={text('forgot.title')}>
            {isSent
                ? <p role="status" className={outsideBox}>{text('forgot.sent')}</p>
                : (
                    <SentForm onSend={send} action={text('forgot.send')} className={outsideBox}>
                        <p className="text-sm text-ink-soft">{text('forgot.lead')}</p>
                        <TextField label={text('auth.email')} name="email" type="email" autoComplete="username" isRequired autoFocus />
                    </SentForm>
                )}
            <BackToSignIn />
        </OutsidePage>
    )
}

export function BackToSignIn() {
    const text = useText()
    return (
        <p className="pt-3 text-center text-sm">
            <Link to="/sign-in" className="inline-flex min-h-6 items-center text-accent-strong underline">{text('auth.back')}</Link>
        </p>
    )
}
