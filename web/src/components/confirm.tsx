import { useState } from 'react'
import { Dialog, Heading, Modal } from 'react-aria-components'
import { isChanged, isGone } from '@/api/client'
import { useText } from '@/lib/i18n/text'
import { Button } from './button'
import { ErrorNote, type Load } from './error-note'
import { Overlay } from './overlay'

/** Asks before something that cannot be taken back, and says precisely what it will do. */
export function Confirm({ title, detail, action, isOpen, onClose, onConfirm, load }: {
    title: string; detail: string; action: string; isOpen: boolean
    onClose: () => void; onConfirm: () => Promise<unknown>; load?: Load
}) {
    const text = useText()
    const [error, setError] = useState<unknown>(null)
    // What the last question was refused for says nothing of the next.
    const close = () => {
        setError(null)
        onClose()
    }
    // What was asked about is another thing once that is loaded, so it is asked anew.
    const closeAfter = async (run: () => Promise<unknown>) => {
        try {
            await run()
            close()
        } catch (caught) {
            setError(caught)
        }
    }
    return (
        <Overlay isOpen={isOpen} onClose={close} place="z-50 flex items-center justify-center p-4">
            <Modal className="w-full max-w-md rounded-md border border-line bg-raised p-5 shadow-2xl">
                <Dialog role="alertdialog" className="flex flex-col gap-3 outline-none">
                    <Heading slot="title" className="text-lg font-semibold">{title}</Heading>
                    <p className="text-sm text-ink-soft">{detail}</p>
                    <ErrorNote error={error} load={load && (() => closeAfter(load))} isStale={(error) => isChanged(error) || isGone(error)} />
                    <div className="flex justify-end gap-2">
                        <Button onPress={close} autoFocus>{text('action.cancel')}</Button>
                        <Button kind="danger" onPress={() => void closeAfter(onConfirm)}>{action}</Button>
                    </div>
                </Dialog>
            </Modal>
        </Overlay>
    )
}
