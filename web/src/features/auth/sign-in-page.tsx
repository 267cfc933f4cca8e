import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, useState, type FormEvent } from 'react'
import { Form } from 'react-aria-components'
import { call, rememberSession } from '@/api/client'
import { sessionQuery } from '@/api/session'
import { Button } from '@/components/button'
import { ErrorNote } from '@/components/error-note'
import { TextField } from '@/components/field'
import { activate, useText } from '@/lib/i18n/text'
import { chosenLocale } from '@/lib/locale-choice'

export function SignInPage() {
    const text = useText()
    const client = useQueryClient()
    const router = useRouter()
    const { next } = useSearch({ from: '/sign-in' })
    const [error, setError] = useState<unknown>(null)
    const [busy, setBusy] = useState(false)
    useEffect(() => { document.title = `${text('auth.sign_in')} · Mobilytics` }, [text])

    const submit = async (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        setBusy(true)
        setError(null)
        try {
            const session = await call('POST /v1/sessions', {
                body: { email: String(form.get('email')), password: String(form.get('password')) },
            })
            rememberSession(session)
            client.clear()
            client.setQueryData(sessionQuery.queryKey, session)
            await activate(chosenLocale(session.user.locale))
            router.history.push(next ?? '/')
        } catch (caught) {
            setError(caught)
            setBusy(false)
        }
    }

    return (
        <main id="content" className="flex min-h-dvh items-center justify-center p-4">
            <div className="w-full max-w-sm">
                <div className="mb-6 flex items-center gap-3">
                    <img src="/favicon.svg" alt="" width={36} height={36} />
                    <div>
                        <h1 className="text-xl font-semibold tracking-tight">Mobilytics</h1>
                        <p className="text-sm text-ink-soft">{text('auth.tagline')}</p>
                    </div>
                </div>
                <Form
                    onSubmit={(event) => void submit(event)}
                    className="flex flex-col gap-4 rounded-md border border-line bg-surface p-5"
                >
                    <TextField
                        label={text('auth.email')} name="email" type="email" autoComplete="username" isRequired autoFocus
                    />
                    <TextField
                        label={text('auth.password')} name="password" type="password"
                        autoComplete="current-password" isRequired
                    />
                    <ErrorNote error={error} />
                    <Button kind="primary" type="submit" isDisabled={busy}>{text('auth.sign_in')}</Button>
                </Form>
            </div>
        </main>
    )
}
