import { CloudOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useText } from '@/lib/i18n/text'

function subscribe(listener: () => void) {
    window.addEventListener('online', listener)
    window.addEventListener('offline', listener)
    return () => {
        window.removeEventListener('online', listener)
        window.removeEventListener('offline', listener)
    }
}

/** Said while the browser knows of no network: what is on the screen stays, and may be old. */
export function Connection() {
    const text = useText()
    const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine)
    return (
        <div role="status" className="print:hidden">
            {!isOnline && (
                <p className="flex items-center gap-2 border-b border-line bg-warn-wash px-4 py-1.5 text-sm text-warn sm:px-6">
                    <CloudOff size={15} aria-hidden className="shrink-0" />{text('error.offline.strip')}
                </p>
            )}
        </div>
    )
}
