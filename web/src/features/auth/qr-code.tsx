import { useMemo } from 'react'
import { encode } from 'uqr'

/** A picture that a phone's camera reads; dark on light in either theme, as cameras want it. */
export function QrCode({ value, label }: { value: string; label: string }) {
    const { size, path } = useMemo(() => {
        const { data } = encode(value, { border: 2 })
        const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
        return { size: data.length, path: squares.join('') }
    }, [value])
    return (
        <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="size-44 rounded-md bg-white" shapeRendering="crispEdges">
            <path d={path} fill="black" />
        </svg>
    )
}
