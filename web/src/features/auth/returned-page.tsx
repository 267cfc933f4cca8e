import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { call } from '@/api/client'
import { ErrorNote } from '@/components/error-note'
import { useText } from '@/lib/i18n/text'
import { rememberedNext } from './company-sign-in'
import { useEntered } from './enter'
import { BackToSignIn } from './forgot-password-page'
import { OutsidePage, outsideBox } from './outside-page'

/** Where a provider sends the browser back to. What it brought is good once, so it leaves the address at once. */
export function ReturnedPage() {
    const text = useText()
    const entered = useEntered()
    const [error, setError] = useState<unknown>(null)
    const begun = useRef(false)
    useEffect(() => {
        if (begun.current) return
        begun.current = true
        const brought = new URLSearchParams(window.location.search)
        window.history.replaceState(window.history.state, '', window.location.pathname)
        const body = { state: brought.get('state') ?? '', code: brought.get('code'), error: brought.get('error'), iss: brought.get('iss') }
        call('POST /v1/sign-in/openid/finish', { body })
            .then((session) => entered(session, rememberedNext()))
            .catch(setError)
    })
    return (
        <OutsidePage title={text('company_sign_in.title')}>
            {error === null
                ? <p role="status" className={outsideBox}>{text('company_sign_in.coming')}</p>
                : (
                    <div className={outsideBox}>
                        <ErrorNote error={error} />
                        <p className="text-sm">
                            <Link to="/sign-in/with" className="inline-flex min-h-6 items-center text-accent-strong underline">
                                {text('company_sign_in.again')}
                            </Link>
                        </p>
                    </div>
                )}
            <BackToSignIn />
        </OutsidePage>
    )
}
