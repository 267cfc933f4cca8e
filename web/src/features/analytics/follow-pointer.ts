import type { Map as MapView, MapMouseEvent } from 'maplibre-gl'
import { heatName, tileLayer } from './heat-style'

export interface Hovered { x: number; y: number; width: number; height: number; properties: Record<string, unknown> }

/** Follows the pointer from cell to cell of the frame shown: the numbers beside it, the outline by feature state. */
export function followPointer(map: MapView, shownFrame: () => string, show: (hovered: Hovered | null) => void) {
    let last: { source: string; id: string | number } | null = null
    const mark = (hover: boolean) => {
        if (last && map.getSource(last.source)) map.setFeatureState({ ...last, sourceLayer: tileLayer }, { hover })
    }
    const move = (to: typeof last) => {
        if (last?.id === to?.id && last?.source === to?.source) return
        mark(false)
        last = to
        mark(true)
    }
    const onMove = (event: MapMouseEvent) => {
        const name = heatName(shownFrame())
        const [found] = map.getLayer(name) ? map.queryRenderedFeatures(event.point, { layers: [name] }) : []
        move(found?.id === undefined ? null : { source: name, id: found.id })
        const { clientWidth: width, clientHeight: height } = map.getContainer()
        show(found ? { x: event.point.x, y: event.point.y, width, height, properties: found.properties } : null)
    }
    const onOut = () => {
        move(null)
        show(null)
    }
    map.on('mousemove', onMove)
    map.on('mouseout', onOut)
    return () => {
        map.off('mousemove', onMove)
        map.off('mouseout', onOut)
    }
}
