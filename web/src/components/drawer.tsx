import { X } from 'lucide-react'
import { useMemo, useState, type FormEvent, type ReactNode } from 'react'
import { Dialog, Form, Heading, Modal } from 'react-aria-components'
import { ProblemError } from '@/api/client'
import { faultText } from '@/lib/faults'
import { useLocale, useText, type Locale, type Text } from '@/lib/i18n/text'
import { Button, IconButton } from './button'
import { ErrorNote } from './error-note'
import { Overlay } from './overlay'

/** A panel over the page, at its side. The address bar says that it is open, so the caller owns that state. */
export function Drawer({ title, isOpen, onClose, children }: {
    title: string; isOpen: boolean; onClose: () => void; children: ReactNode
}) {
    const text = useText()
    return (
        <Overlay isOpen={isOpen} onClose={onClose} place="z-40">
            <Modal className="slide-in fixed inset-y-0 right-0 flex w-full max-w-[520px] flex-col border-l border-line bg-raised shadow-2xl">
                <Dialog className="flex min-h-0 flex-1 flex-col outline-none">
                    <header className="flex items-center justify-between gap-2 border-b border-line py-2 pr-2 pl-5">
                        <Heading slot="title" className="text-lg font-semibold">{title}</Heading>
                        <IconButton label={text('action.close')} onPress={onClose}><X size={16} aria-hidden /></IconButton>
                    </header>
                    <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
                </Dialog>
            </Modal>
        </Overlay>
    )
}

/** "/faces/0/name" is the field named faces.0.name. */
function fieldErrors(error: unknown, text: Text, locale: Locale): Record<string, string> {
    if (!(error instanceof ProblemError)) return {}
    const entries = (error.problem.errors ?? []).map(
        ({ pointer, detail }) => [pointer.replace(/^\//, '').replaceAll('/', '.'), faultText(detail, text, locale)] as const)
    return Object.fromEntries(entries)
}

/**
 * What a form was refused for. A field's own fault goes when something is typed there, not when it is left: the button
 * would move away under the finger that leaves it.
 */
export function useRefusal() {
    const text = useText()
    const locale = useLocale()
    const [error, setError] = useState<unknown>(null)
    const [typed, setTyped] = useState<readonly string[]>([])
    const validationErrors = useMemo(
        () => Object.fromEntries(Object.entries(fieldErrors(error, text, locale)).filter(([name]) => !typed.includes(name))), [error, typed, text, locale])
    const refuse = (next: unknown) => {
        setError(next)
        setTyped([])
    }
    const onInput = (event: FormEvent) => {
        const { name: ownName, dataset } = event.target as HTMLInputElement
        const name = dataset['field'] ?? ownName
        if (name in validationErrors) setTyped([...typed, name])
    }
    return { error, refuse, form: { validationErrors, onInput } }
}

/** A form whose refusals stay beside the fields they are about, with what belongs to no field at its foot. */
export function DrawerForm({ onSave, onClose, saveLabel, children }: {
    onSave: () => Promise<unknown>
    onClose: () => void
    saveLabel: string
    children: ReactNode
}) {
    const text = useText()
    const { error, refuse, form } = useRefusal()
    const [busy, setBusy] = useState(false)
    const submit = async (event: FormEvent) => {
        event.preventDefault()
        setBusy(true)
        refuse(null)
        try {
            await onSave()
        } catch (caught) {
            refuse(caught)
        } finally {
            setBusy(false)
        }
    }
    return (
        <Form onSubmit={(event) => void submit(event)} {...form} className="flex flex-col gap-4">
            {children}
            <ErrorNote error={error} />
            <div className="flex justify-end gap-2 pt-2">
                <Button onPress={onClose}>{text('action.cancel')}</Button>
                <Button kind="primary" type="submit" isDisabled={busy}>{saveLabel}</Button>
            </div>
        </Form>
    )
}
