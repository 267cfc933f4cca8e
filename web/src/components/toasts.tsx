import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useText } from '@/lib/i18n/text'
import { IconButton } from './button'

type Tone = 'good' | 'bad'
interface Toast { id: number; text: string; tone: Tone }
let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()
const stayMs = 6_000

function change(to: readonly Toast[]) {
    toasts = to
    listeners.forEach((listener) => listener())
}

const withdraw = (id: number) => change(toasts.filter((one) => one.id !== id))

/** Says what stays true until something else happens; the answer withdraws it. */
export function standingToast(text: string, tone: Tone): () => void {
    const id = next++
    change([...toasts, { id, text, tone }])
    return () => withdraw(id)
}

/** Says that something was done, or that a step without a form was refused; a form says so itself. */
export function toast(text: string, tone: Tone = 'good') {
    setTimeout(standingToast(text, tone), stayMs)
}

function subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
}

export function Toasts() {
    const text = useText()
    const shown = useSyncExternalStore(subscribe, () => toasts)
    return (
        <div role="status" className="print:hidden fixed right-4 bottom-18 z-50 flex flex-col gap-2 md:bottom-4">
            {shown.map((one) => (
                <div
                    key={one.id}
                    className="appear flex items-center gap-2 rounded-md border border-line bg-raised py-1.5 pr-1.5 pl-3 text-sm shadow-lg shadow-(color:--shadow)"
                >
                    {one.tone === 'good'
                        ? <CircleCheck size={16} className="text-good" aria-hidden />
                        : <TriangleAlert size={16} className="text-bad" aria-hidden />}
                    {one.text}
                    <IconButton label={text('action.close')} onPress={() => withdraw(one.id)}>
                        <X size={14} aria-hidden />
                    </IconButton>
                </div>
            ))}
        </div>
    )
}
