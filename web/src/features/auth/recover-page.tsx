import { useState } from 'react'
import { call } from '@/api/client'
import { Button } from '@/components/button'
import { ErrorNote } from '@/components/error-note'
import { TextField } from '@/components/field'
import { useText } from '@/lib/i18n/text'
import { BackToSignIn } from './forgot-password-page'
import { useLetterToken } from './letter-token'
import { OutsidePage, outsideBox } from './outside-page'
import { SentForm } from '@/components/sent-form'

/** Where the letter leads by which somebody who lost every factor gets back in, or by which they stop it. */
export function RecoverPage() {
    const text = useText()
    const token = useLetterToken()
    const [end, setEnd] = useState<'recovered' | 'stopped' | null>(null)
    const [failure, setFailure] = useState<unknown>(null)
    const recover = async (form: FormData) => {
        setFailure(null)
        await call('POST /v1/recoveries/complete', { body: { token, password: String(form.get('password')) } })
        setEnd('recovered')
    }
    const stop = () => {
        setFailure(null)
        call('POST /v1/recoveries/stop', { body: { token } }).then(() => setEnd('stopped'), setFailure)
    }
    return (
        <OutsidePage title={text('recover.title')}>
            {end ? <p role="status" className={outsideBox}>{text(`recover.${end}`)}</p> : (
                <>
                    <SentForm onSend={recover} action={text('recover.go')} className={outsideBox}>
                        <p className="text-sm text-ink-soft">{text('recover.lead')}</p>
                        <TextField
                            label={text('auth.password')} name="password" type="password" autoComplete="current-password"
                            isRequired autoFocus
                        />
                    </SentForm>
                    <div className={`${outsideBox} mt-3`}>
                        <p className="text-sm text-ink-soft">{text('recover.stop.lead')}</p>
                        <ErrorNote error={failure} />
                        <div><Button kind="danger" onPress={stop}>{text('recover.stop')}</Button></div>
                    </div>
                </>
            )}
            <BackToSignIn />
        </OutsidePage>
    )
}
