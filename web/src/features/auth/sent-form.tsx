import { useState, type FormEvent, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '@/components/button'
import { fieldErrors } from '@/components/drawer'
import { ErrorNote } from '@/components/error-note'

/** A form with one button, whose refusals stay beside the fields they are about. */
export function SentForm({ onSend, action, className, danger = false, children }: {
    onSend: (form: FormData) => Promise<unknown>
    action: string
    className: string
    danger?: boolean
    children: ReactNode
}) {
    const [error, setError] = useState<unknown>(null)
    const [busy, setBusy] = useState(false)
    const submit = async (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        setBusy(true)
        setError(null)
        try {
            await onSend(form)
        } catch (caught) {
            setError(caught)
        } finally {
            setBusy(false)
        }
    }
    return (
        <Form onSubmit={(event) => void submit(event)} validationErrors={fieldErrors(error)} className={className}>
            {children}
            <ErrorNote error={error} />
            <div><Button kind={danger ? 'danger' : 'primary'} type="submit" isDisabled={busy}>{action}</Button></div>
        </Form>
    )
}
