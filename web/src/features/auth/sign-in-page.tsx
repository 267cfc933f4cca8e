import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { TextField } from '@/components/field'
import { useText } from '@/lib/i18n/text'
import { useEnter } from './enter'
import { CodeField, isCodeWanted } from './code-field'
import { OutsidePage, outsideBox } from './outside-page'
import { PasskeyButton } from './passkey-button'
import { SentForm } from '@/components/sent-form'

export function SignInPage() {
    const text = useText()
    const enter = useEnter()
    const { next } = useSearch({ from: '/sign-in' })
    const [wantsCode, setWantsCode] = useState(false)
    const send = async (form: FormData) => {
        const code = form.get('code')
        try {
            await enter({ email: String(form.get('email')), password: String(form.get('password')), code: code === null ? null : String(code) }, next)
        } catch (error) {
            if (!isCodeWanted(error) || wantsCode) throw error
            setWantsCode(true)
        }
    }
    const byPasskey = async () => {
        const { passkeyToSignIn } = await import('./passkeys')
        await enter({ passkey: await passkeyToSignIn() }, next)
    }
    return (
        <OutsidePage title="Mobilytics" tab={text('auth.sign_in')} lead={text('auth.tagline')}>
            <SentForm onSend={send} action={text('auth.sign_in')} className={outsideBox}>
                <TextField
                    label={text('auth.email')} name="email" type="email" autoComplete="username" isRequired autoFocus
                />
                <TextField
                    label={text('auth.password')} name="password" type="password"
                    autoComplete="current-password" isRequired
                />
                {wantsCode && <CodeField />}
            </SentForm>
            <div className="pt-3"><PasskeyButton label={text('auth.passkey')} onPress={byPasskey} /></div>
            <p className="pt-3 text-center text-sm">
                <Link to="/sign-in/with" search={next ? { next } : {}} className="inline-flex min-h-6 items-center text-accent-strong underline">{text('auth.company')}</Link>
            </p>
            <p className="pt-2 text-center text-sm">
                <Link to="/forgot-password" className="inline-flex min-h-6 items-center text-accent-strong underline">{text('auth.forgot')}</Link>
            </p>
        </OutsidePage>
    )
}
