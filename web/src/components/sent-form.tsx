import { useState, type FormEvent, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { Button } from './button'
import { useRefusal } from './drawer'
import type { Load } from './error-note'

/** A form with one button, whose refusals stay beside the fields they are about. */
export function SentForm({ onSend, action, className, danger = false, load, children }: {
    onSend: (form: FormData) => Promise<unknown>
    action: string
    className: string
    danger?: boolean
    load?: Load
    children: ReactNode
}) {
    const { note, refuse, form } = useRefusal(load)
    const [busy, setBusy] = useState(false)
    const submit = async (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        // The button stays as it is meanwhile: one that is disabled would lose the focus.
        if (busy) return
        const sent = new FormData(event.currentTarget)
        setBusy(true)
        refuse(null)
        try {
            await onSend(sent)
        } catch (caught) {
            refuse(caught)
        } finally {
            setBusy(false)
        }
    }
    return (
        <Form onSubmit={(event) => void submit(event)} {...form} className={className}>
            {children}
            {note}
            <div><Button kind={danger ? 'danger' : 'primary'} type="submit">{action}</Button></div>
        </Form>
    )
}
