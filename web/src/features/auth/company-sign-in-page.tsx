import { useParams, useSearch } from '@tanstack/react-router'
import { call } from '@/api/client'
import { TextField } from '@/components/field'
import { useText } from '@/lib/i18n/text'
import { lastName, rememberName, rememberNext } from './company-sign-in'
import { BackToSignIn } from './forgot-password-page'
import { OutsidePage, outsideBox } from './outside-page'
import { SentForm } from '@/components/sent-form'

/** Asks the company's name, which a link may have filled in, and goes to its provider: never without being told to. */
export function CompanySignInPage() {
    const text = useText()
    const { name } = useParams({ strict: false })
    const { next } = useSearch({ strict: false })
    const send = async (form: FormData) => {
        const sign_in_name = String(form.get('sign_in_name')).trim().toLowerCase()
        const { url } = await call('POST /v1/sign-in/openid', { body: { sign_in_name } })
        rememberName(sign_in_name)
        rememberNext(next)
        window.location.assign(url)
    }
    return (
        <OutsidePage title={text('company_sign_in.title')}>
            <SentForm onSend={send} action={text('company_sign_in.go')} className={outsideBox}>
                <p className="text-sm text-ink-soft">{text('company_sign_in.lead')}</p>
                <TextField
                    label={text('company_sign_in.name')} name="sign_in_name" defaultValue={name ?? lastName()}
                    autoComplete="organization" spellCheck="false" isRequired autoFocus
                />
            </SentForm>
            <BackToSignIn />
        </OutsidePage>
    )
}
