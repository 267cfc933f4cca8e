import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useText } from '@/lib/i18n/text'
import { Button } from './button'

/** A secret that is shown in readable form: it can be copied, and is gone when the dialog closes. Without a note it exists only now. */
export function SecretOnce({ title, secret, note, onClose }: {
    title: string; secret: string | null; note?: string; onClose: () => void
}) {
    const text = useText()
    const [copied, setCopied] = useState(false)
    const copy = async () => {
        await navigator.clipboard.writeText(secret ?? '')
        setCopied(true)
    }
    return (
        <ModalOverlay
            isOpen={secret !== null}
            onOpenChange={(open) => { if (!open) onClose() }}
            className="appear fixed inset-0 z-50 flex items-center justify-center bg-black/40 p-4"
        >
            <Modal className="w-full max-w-lg rounded-md border border-line bg-raised p-5 shadow-2xl">
                <Dialog className="flex flex-col gap-3 outline-none">
                    <Heading slot="title" className="text-lg font-semibold">{title}</Heading>
                    <p className="text-sm text-ink-soft">{note ?? text('secret.once')}</p>
                    <code data-secret className="rounded-md border border-line bg-sunken px-3 py-2 text-sm break-all whitespace-pre-line select-all">{secret}</code>
                    <div className="flex justify-end gap-2">
                        <Button onPress={() => void copy()}>
                            {copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
                            {text(copied ? 'secret.copied' : 'secret.copy')}
                        </Button>
                        <Button kind="primary" onPress={onClose}>{text('secret.done')}</Button>
                    </div>
                </Dialog>
            </Modal>
        </ModalOverlay>
    )
}
