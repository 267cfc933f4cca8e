import { useQuery } from '@tanstack/react-query'
import type { Map as MapView } from 'maplibre-gl'
import { useCallback, useMemo, useRef, useState, type RefObject } from 'react'
import { mapStyle } from '@/components/map/base-style'
import type { Camera } from '@/components/map/map-canvas'
import { useText } from '@/lib/i18n/text'
import { useTheme } from '@/lib/theme'
import { useFormat } from '@/lib/use-format'
import { CellTable } from './cell-table'
import { followPointer, type Hovered } from './follow-pointer'
import { heatName, heatOverlay, tileLayer } from './heat-style'
import { LegendControl } from './legend-control'
import { LegendMap } from './legend-map'
import { overviewZoom } from './overview'
import { PlaybackBar } from './playback-bar'
import { basemapQuery } from './queries'
import { useHeat, type HeatShown } from './use-heat'

export type HeatMapProps = HeatShown & { camera: RefObject<Camera | null> }

export default function HeatMap({ view, ...props }: HeatMapProps & { view: 'map' | 'table' }) {
    const { metric, campaign, camera } = props
    const text = useText()
    const format = useFormat()
    const theme = useTheme()
    const map = useRef<MapView | null>(null)
    const [zoom, setZoom] = useState(overviewZoom)
    const [hovered, setHovered] = useState<Hovered | null>(null)
    const [off, setOff] = useState<ReadonlySet<number>>(new Set())
    const { data: base } = useQuery(basemapQuery)
    const { legend, breaks, shown, playback, grain, bounds, tiles } = useHeat(
        props, zoom, () => view === 'table' || (map.current?.areTilesLoaded() ?? false))
    const style = useMemo(
        () => mapStyle(theme, base, heatOverlay(theme, metric, breaks, off, shown)), [theme, base, metric, breaks, off, shown])

    const latest = useRef({ bounds, shown })
    latest.current = { bounds, shown }
    const onMap = useCallback((created: MapView) => {
        map.current = created
        // Until the map has been moved to the data its zoom means nothing, and no legend is asked for it.
        const onMoved = () => { if (latest.current.bounds) setZoom(Math.max(0, Math.floor(created.getZoom()))) }
        created.on('moveend', onMoved)
        onMoved()
        const shownFrame = () => latest.current.shown.find((frame) => frame.isShown)?.id ?? ''
        const stop = followPointer(created, () => ({ source: heatName(shownFrame()), sourceLayer: tileLayer }), setHovered)
        return () => {
            map.current = null
            created.off('moveend', onMoved)
            stop()
        }
    }, [])

    const nameOf = (index: number) => {
        const id = playback.frames[index]?.id
        return id ? (grain === 'day' ? format.day(id) : format.dateTime(id, campaign.zone)) : ''
    }
    const bar = <PlaybackBar playback={playback} label={nameOf} grain={grain} />
    if (view === 'table') return <>{bar}<CellTable legend={legend} tiles={tiles} metric={metric} /></>
    return (
        <>
            <LegendMap
                label={text('map.heat.label')} style={style} bounds={bounds} camera={camera} onMap={onMap} hovered={hovered}
                legend={legend && (
                    <LegendControl
                        breaks={breaks} hidden={legend.hidden_cells} metric={metric} off={off} onOff={setOff}
                        foot={text('legend.cells', { count: legend.cells + legend.hidden_cells, resolution: legend.resolution })}
                    />
                )}
            />
            {bar}
        </>
    )
}
