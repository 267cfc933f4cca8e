import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Map as MapView, MapMouseEvent } from 'maplibre-gl'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { MapMetric } from '@/api/schema'
import { mapStyle } from '@/components/map/base-style'
import { MapCanvas } from '@/components/map/map-canvas'
import type { Format } from '@/lib/format'
import { useText, type Text } from '@/lib/i18n/text'
import type { Span } from '@/lib/range'
import { useTheme } from '@/lib/theme'
import { useFormat } from '@/lib/use-format'
import { CellTable } from './cell-table'
import { boundsOf } from './cells'
import { distinct, heatLayer, heatOverlay, heatSource } from './heat-style'
import { LegendControl } from './legend-control'
import { basemapQuery, legendQuery, tileUrl } from './queries'

interface Hovered { x: number; y: number; properties: Record<string, unknown> }

const number = (value: unknown) => (typeof value === 'number' ? value : null)

function CellCard({ hovered, format, text }: { hovered: Hovered; format: Format; text: Text }) {
    const { properties: cell } = hovered
    const rows: [string, string][] = cell['hidden'] === true ? [] : [
        [text('metric.ots'), format.exact(number(cell['ots']))],
        [text('metric.visits'), format.exact(number(cell['visits']))],
        [text('metric.lts'), format.exact(number(cell['lts']))],
        [text('metric.mean_dwell_s'), format.duration(number(cell['mean_dwell_s']))],
    ]
    return (
        <div
            data-cell-card
            className="pointer-events-none absolute z-10 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs shadow-lg shadow-(color:--shadow)"
            style={{ left: hovered.x, top: hovered.y, transform: 'translate(12px, 12px)' }}
        >
            {rows.length === 0 ? text('map.hidden') : rows.map(([name, value]) => (
                <p key={name} className="flex justify-between gap-4"><span className="text-ink-soft">{name}</span><span className="tabular font-medium">{value}</span></p>
            ))}
        </div>
    )
}

/** Follows the pointer from cell to cell: the numbers beside it, the outline by feature state. */
function followPointer(map: MapView, show: (hovered: Hovered | null) => void) {
    let last: string | number | null = null
    const mark = (id: string | number | null, hover: boolean) => {
        if (id !== null && map.getSource(heatSource)) {
            map.setFeatureState({ source: heatSource, sourceLayer: 'exposure', id }, { hover })
        }
    }
    const onMove = (event: MapMouseEvent) => {
        if (!map.getLayer(heatLayer)) return
        const [found] = map.queryRenderedFeatures(event.point, { layers: [heatLayer] })
        const id = found?.id ?? null
        if (id !== last) {
            mark(last, false)
            mark(id, true)
            last = id
        }
        show(found ? { x: event.point.x, y: event.point.y, properties: found.properties } : null)
    }
    const onOut = () => {
        mark(last, false)
        last = null
        show(null)
    }
    map.on('mousemove', onMove)
    map.on('mouseout', onOut)
    return () => {
        map.off('mousemove', onMove)
        map.off('mouseout', onOut)
    }
}

/** Until the map has been moved to the data its zoom means nothing, and no legend is asked for it. */
function useMapEvents(
    isPlaced: boolean, setZoom: (zoom: number) => void, setHovered: (hovered: Hovered | null) => void,
) {
    const placed = useRef(isPlaced)
    placed.current = isPlaced
    return useCallback((map: MapView) => {
        const onMoved = () => { if (placed.current) setZoom(Math.max(0, Math.floor(map.getZoom()))) }
        map.on('moveend', onMoved)
        const stop = followPointer(map, setHovered)
        return () => {
            map.off('moveend', onMoved)
            stop()
        }
    }, [setZoom, setHovered])
}

const overviewZoom = 9
// The legend lies over the map's left edge; on a phone, where there is no room, it stands below.
const legendWidth = 200

export default function HeatMap({ campaignId, span, metric, view }: {
    campaignId: string; span: Span; metric: MapMetric; view: 'map' | 'table'
}) {
    const text = useText()
    const format = useFormat()
    const theme = useTheme()
    const [zoom, setZoom] = useState(overviewZoom)
    const [hovered, setHovered] = useState<Hovered | null>(null)
    const [off, setOff] = useState<ReadonlySet<number>>(new Set())
    const overview = useQuery(legendQuery(campaignId, span, overviewZoom, 'visits'))
    const onMap = useMapEvents(overview.data !== undefined, setZoom, setHovered)
    const { data: legend } = useQuery({ ...legendQuery(campaignId, span, zoom, metric), placeholderData: keepPreviousData })
    const { data: base } = useQuery(basemapQuery)
    const bounds = useMemo(() => boundsOf(overview.data), [overview.data])

    // Without its classes a cell has no colour, so there are no cells before there is a legend.
    const version = legend?.about.data_version ?? null
    const tiles = useMemo(() => (version ? tileUrl(campaignId, span, version) : null), [campaignId, span, version])
    const breaks = useMemo(() => distinct(legend?.breaks ?? []), [legend])
    const style = useMemo(
        () => mapStyle(theme, base, heatOverlay(theme, metric, breaks, off, tiles)),
        [theme, base, metric, breaks, off, tiles])

    if (view === 'table') return <CellTable legend={legend} tiles={tiles} metric={metric} />
    return (
        <div className="relative">
            <div className="h-[min(70vh,640px)] min-h-96">
                <MapCanvas
                    label={text('map.heat.label')} style={style} bounds={bounds} inPage onMap={onMap}
                    covered={legendWidth}
                />
            </div>
            {hovered && <CellCard hovered={hovered} format={format} text={text} />}
            {legend && (
                <div className="top-3 left-3 z-10 sm:absolute">
                    <LegendControl legend={legend} breaks={breaks} metric={metric} off={off} onOff={setOff} />
                </div>
            )}
        </div>
    )
}
