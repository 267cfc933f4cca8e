import { X } from 'lucide-react'
import { useMemo, useState, type FormEvent, type ReactNode } from 'react'
import { Dialog, Form, Heading, Modal } from 'react-aria-components'
import { ProblemError } from '@/api/client'
import { faultText } from '@/lib/faults'
import { useLocale, useText, type Locale, type Text } from '@/lib/i18n/text'
import { Button, IconButton } from './button'
import { ErrorNote, type Load } from './error-note'
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

/** Somebody who pressed the button that is gone goes on from here. */
const focusOn = (node: HTMLElement | null) => node?.focus()

/**
 * What a form was refused for, and the note of it. A field's own fault goes when something is typed there, not when it is
 * left: the button would move away under the finger that leaves it.
 */
export function useRefusal(load?: Load) {
    const text = useText()
    const locale = useLocale()
    const [error, setError] = useState<unknown>(null)
    const [loaded, setLoaded] = useState(false)
    const [typed, setTyped] = useState<readonly string[]>([])
    const validationErrors = useMemo(
        () => Object.fromEntries(Object.entries(fieldErrors(error, text, locale)).filter(([name]) => !typed.includes(name))), [error, typed, text, locale])
    const refuse = (next: unknown) => {
        setError(next)
        setTyped([])
        setLoaded(false)
    }
    const onInput = (event: FormEvent) => {
        const { name: ownName, dataset } = event.target as HTMLInputElement
        const name = dataset['field'] ?? ownName
        if (name in validationErrors) setTyped([...typed, name])
    }
    const loadNow = load && (() => load().then(() => {
        refuse(null)
        setLoaded(true)
    }, refuse))
    const note = (
        <>
            <ErrorNote error={error} load={loadNow} />
            {loaded && !error && <p role="status" tabIndex={-1} ref={focusOn} className="text-sm">{text('state.loaded_now')}</p>}
        </>
    )
    return { note, refuse, form: { validationErrors, onInput } }
}

/** A form whose refusals stay beside the fields they are about, with what belongs to no field at its foot. */
export function DrawerForm({ onSave, onClose, saveLabel, load, children }: {
    onSave: () => Promise<unknown>
    onClose: () => void
    saveLabel: string
    load?: Load
    children: ReactNode
}) {
    const text = useText()
    const { note, refuse, form } = useRefusal(load)
    const [busy, setBusy] = useState(false)
    const submit = async (event: FormEvent) => {
        event.preventDefault()
        // The button stays as it is meanwhile: one that is disabled would lose the focus.
        if (busy) return
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
            {note}
            <div className="flex justify-end gap-2 pt-2">
                <Button onPress={onClose}>{text('action.cancel')}</Button>
                <Button kind="primary" type="submit">{saveLabel}</Button>
            </div>
        </Form>
    )
}
