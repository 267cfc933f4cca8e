import type { FeatureIdentifier, Map as MapView, MapMouseEvent } from 'maplibre-gl'

export interface Hovered { x: number; y: number; width: number; height: number; properties: Record<string, unknown> }
/** Where the features lie that can be pointed at: a source, its map layer of the same name, and the layer in its tiles. */
export interface Target { source: string; sourceLayer?: string }
export type Outline = (feature: FeatureIdentifier | null) => void

/** Outlines one feature at a time, by feature state. */
export function outliner(map: MapView): Outline {
    let last: FeatureIdentifier | null = null
    const mark = (hover: boolean) => {
        if (last && map.getSource(last.source)) map.setFeatureState(last, { hover })
    }
    return (to) => {
        if (last?.id === to?.id && last?.source === to?.source) return
        mark(false)
        last = to
        mark(true)
    }
}

/** Follows the pointer from feature to feature of the target: the numbers beside it, and its outline. */
export function followPointer(
    map: MapView, target: () => Target, show: (hovered: Hovered | null) => void, outline: Outline = outliner(map),
) {
    const onMove = (event: MapMouseEvent) => {
        const at = target()
        const [found] = map.getLayer(at.source) ? map.queryRenderedFeatures(event.point, { layers: [at.source] }) : []
        outline(found?.id === undefined ? null : { ...at, id: found.id })
        const { clientWidth: width, clientHeight: height } = map.getContainer()
        show(found ? { x: event.point.x, y: event.point.y, width, height, properties: found.properties } : null)
    }
    const onOut = () => {
        outline(null)
        show(null)
    }
    map.on('mousemove', onMove)
    map.on('mouseout', onOut)
    return () => {
        map.off('mousemove', onMove)
        map.off('mouseout', onOut)
    }
}
