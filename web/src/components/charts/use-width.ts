import { useLayoutEffect, useRef, useState } from 'react'

/** The width that a drawing may fill, kept up to date. */
export function useWidth<Element extends HTMLElement>() {
    const ref = useRef<Element>(null)
    const [width, setWidth] = useState(0)
    useLayoutEffect(() => {
        const element = ref.current
        if (!element) return
        setWidth(element.clientWidth)
        const observer = new ResizeObserver(() => setWidth(element.clientWidth))
        observer.observe(element)
        return () => observer.disconnect()
    }, [])
    return [ref, width] as const
}
