import { useEffect, useRef, useState } from 'react'

const pauseMs = 250

/** A text as it is typed, handed on after a short pause; a change from outside replaces it. */
export function useTyped(value: string, onSettled: (value: string) => void) {
    const [typed, setTyped] = useState(value)
    const settled = useRef(value)
    const notify = useRef(onSettled)
    notify.current = onSettled
    useEffect(() => {
        if (value !== settled.current) {
            settled.current = value
            setTyped(value)
        }
    }, [value])
    useEffect(() => {
        if (typed === settled.current) return
        const timer = setTimeout(() => {
            settled.current = typed
            notify.current(typed)
        }, pauseMs)
        return () => clearTimeout(timer)
    }, [typed])
    return [typed, setTyped] as const
}
