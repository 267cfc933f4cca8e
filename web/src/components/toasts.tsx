import { CircleCheck, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useText } from '@/lib/i18n/text'
import { IconButton } from './button'

interface Toast { id: number; text: string }
let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()
const stayMs = 6_000

function change(to: readonly Toast[]) {
    toasts = to
    listeners.forEach((listener) => listener())
}

/** Says that something was done. What failed is said where it failed, not here. */
export function toast(text: string) {
    const id = next++
    change([...toasts, { id, text }])
    setTimeout(() => change(toasts.filter((one) => one.id !== id)), stayMs)
}

function subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
}

export function Toasts() {
    const text = useText()
    const shown = useSyncExternalStore(subscribe, () => toasts)
    return (
        <div role="status" className="fixed right-4 bottom-18 z-50 flex flex-col gap-2 md:bottom-4">
            {shown.map((one) => (
                <div
                    key={one.id}
                    className="appear flex items-center gap-2 rounded-md border border-line bg-raised py-1.5 pr-1.5 pl-3 text-sm shadow-lg shadow-(color:--shadow)"
                >
                    <CircleCheck size={16} className="text-good" aria-hidden />
                    {one.text}
                    <IconButton label={text('action.close')} onPress={() => change(toasts.filter((t) => t.id !== one.id))}>
                        <X size={14} aria-hidden />
                    </IconButton>
                </div>
            ))}
        </div>
    )
}
