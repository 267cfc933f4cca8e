import { useState } from 'react'
import { call } from '@/api/client'
import { TextField } from '@/components/field'
import { useText } from '@/lib/i18n/text'
import { BackToSignIn } from './forgot-password-page'
import { useLetterToken } from './letter-token'
import { OutsidePage, outsideBox } from './outside-page'
import { SentForm } from '@/components/sent-form'

export function ResetPasswordPage() {
    const text = useText()
    const token = useLetterToken()
    const [isDone, setDone] = useState(false)
    const send = async (form: FormData) => {
        await call('POST /v1/password-resets/complete', { body: { token, password: String(form.get('password')) } })
        setDone(true)
    }
    return (
        <OutsidePage title={text('reset.title')}>
            {isDone
                ? <p role="status" className={outsideBox}>{text('reset.done')}</p>
                : (
                    <SentForm onSend={send} action={text('reset.save')} className={outsideBox}>
                        <TextField
                            label={text('password.new')} name="password" type="password" autoComplete="new-password"
                            isRequired autoFocus hint={text('password.hint')}
                        />
                    </SentForm>
                )}
            <BackToSignIn />
        </OutsidePage>
    )
}
