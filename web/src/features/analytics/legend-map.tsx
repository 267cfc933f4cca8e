import type { ReactNode } from 'react'
import { MapCanvas, type MapCanvasProps } from '@/components/map/map-canvas'
import { CellCard } from './cell-card'
import type { Hovered } from './follow-pointer'

// The legend lies over the map's left edge; on a phone, where there is no room, it stands below.
const legendWidth = 200

/** A map in the page with its legend, and the numbers of what is pointed at. */
export function LegendMap({ legend, hovered, ...map }: Omit<MapCanvasProps, 'inPage' | 'covered'> & {
    legend: ReactNode
    hovered: Hovered | null
}) {
    return (
        <div className="relative">
            <div className="h-[min(70vh,640px)] min-h-96">
                <MapCanvas {...map} inPage covered={legendWidth} />
            </div>
            {hovered && <CellCard hovered={hovered} />}
            {legend && <div className="top-3 left-3 z-10 sm:absolute">{legend}</div>}
        </div>
    )
}
