import { useQuery } from '@tanstack/react-query'
import type { Map as MapView, MapMouseEvent } from 'maplibre-gl'
import { useCallback, useMemo, useRef, useState, type RefObject } from 'react'
import type { Campaign, MapMetric } from '@/api/schema'
import { mapStyle } from '@/components/map/base-style'
import type { Camera } from '@/components/map/map-canvas'
import { Empty, Failure } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import type { Span } from '@/lib/range'
import { useTheme } from '@/lib/theme'
import { followPointer, outliner, type Hovered } from './follow-pointer'
import { LegendControl } from './legend-control'
import { LegendMap } from './legend-map'
import { viewOf, overviewQuery } from './overview'
import { basemapQuery, shapesQuery } from './queries'
import type { RegionLink } from './region-link'
import { classesOf, regionLayer, regionOverlay, withFigures } from './region-style'
import { useRegions } from './use-regions'

interface RegionMapProps {
    campaign: Campaign; span: Span; metric: MapMetric
    set: string | undefined
    link: RegionLink
    camera: RefObject<Camera | null>
}

const nothing = { sources: {}, layers: [] }

/** The code of the region at a place of the map, when the campaign reached it. */
function reachedAt(map: MapView, { point }: MapMouseEvent): string | undefined {
    const [found] = map.getLayer(regionLayer) ? map.queryRenderedFeatures(point, { layers: [regionLayer] }) : []
    const { code, hidden } = found?.properties ?? {}
    return hidden === undefined ? undefined : String(code)
}

/** Ties the map to the pointer and to the table of regions. */
function useRegionPointer(link: RegionLink) {
    const [hovered, setHovered] = useState<Hovered | null>(null)
    const latest = useRef(link)
    latest.current = link
    const onMap = useCallback((map: MapView) => {
        const { outline } = latest.current
        const mark = outliner(map)
        const stop = followPointer(map, () => ({ source: regionLayer }), setHovered, mark)
        const onClick = (event: MapMouseEvent) => {
            const code = reachedAt(map, event)
            latest.current.onChosen(code === latest.current.chosen ? undefined : code)
        }
        map.on('click', onClick)
        outline.current = (code) => mark(code === null ? null : { source: regionLayer, id: code })
        return () => {
            outline.current = () => undefined
            map.off('click', onClick)
            stop()
        }
    }, [])
    return { hovered, onMap }
}

/** What the map shows of the chosen set: its shapes, the campaign's figures in them, and their classes. */
function useShapes({ campaign, span, metric, set }: RegionMapProps) {
    const { sets, chosen, query } = useRegions(campaign.id, span, set)
    const shapes = useQuery({ ...shapesQuery(chosen?.id ?? ''), enabled: chosen !== undefined })
    // While another set is on its way, the figures of the one before do not belong to the shapes.
    const figures = query.data?.set.id === chosen?.id ? query.data : undefined
    const regions = useMemo(
        () => (shapes.data && figures ? withFigures(shapes.data, figures.items) : null), [shapes.data, figures])
    const breaks = useMemo(() => classesOf(figures?.items ?? [], metric), [figures, metric])
    return {
        none: sets.data !== undefined && !chosen, figures, regions, breaks, attribution: chosen?.attribution ?? '',
        failed: [sets, query, shapes].find(({ error }) => error),
    }
}

export default function RegionMap(props: RegionMapProps) {
    const { campaign, span, metric, link, camera } = props
    const { chosen } = link
    const text = useText()
    const theme = useTheme()
    const [off, setOff] = useState<ReadonlySet<number>>(new Set())
    const { data: base } = useQuery(basemapQuery)
    const { data: overview } = useQuery(overviewQuery(campaign.id, span))
    const bounds = useMemo(() => viewOf(overview), [overview])
    const { none, failed, figures, regions, breaks, attribution } = useShapes(props)
    const { hovered, onMap } = useRegionPointer(link)
    const style = useMemo(() => {
        const overlay = regions ? regionOverlay(theme, metric, off, { regions, attribution, breaks, chosen }) : nothing
        return mapStyle(theme, base, overlay)
    }, [theme, base, metric, off, regions, attribution, breaks, chosen])

    if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />
    if (none) return <Empty title={text('regions.no_sets')} detail={text('regions.no_sets.detail')} />
    return (
        <LegendMap
            label={text('map.regions.label')} style={style} bounds={bounds} camera={camera} onMap={onMap} hovered={hovered}
            legend={figures && (
                <LegendControl
                    breaks={breaks} hidden={figures.items.filter((region) => region.hidden).length} metric={metric}
                    foot={text('legend.regions', { count: figures.items.length })} off={off} onOff={setOff}
                />
            )}
        />
    )
}
