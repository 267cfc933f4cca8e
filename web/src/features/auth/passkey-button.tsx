import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/button'
import { ErrorNote } from '@/components/error-note'
import { hasPasskeys } from './passkey-support'

/** Does something with a passkey; nothing at all where the browser has none. */
export function PasskeyButton({ label, onPress }: { label: string; onPress: () => Promise<unknown> }) {
    const [error, setError] = useState<unknown>(null)
    const [busy, setBusy] = useState(false)
    if (!hasPasskeys) return null
    const press = async () => {
        setBusy(true)
        setError(null)
        try {
            await onPress()
        } catch (caught) {
            setError(caught)
        } finally {
            setBusy(false)
        }
    }
    return (
        <div className="flex flex-col gap-3">
            <div><Button onPress={() => void press()} isDisabled={busy}><KeyRound size={15} aria-hidden />{label}</Button></div>
            <ErrorNote error={error} />
        </div>
    )
}
