import { Map as MapIcon, Table2 } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import type { MapMetric } from '@/api/schema'
import type { Camera } from '@/components/map/map-canvas'
import { SelectField } from '@/components/select-field'
import { Segments } from '@/components/filters'
import { Panel } from '@/components/page'
import { Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import type { HeatMapProps } from './heat-map'
import type { RegionLink } from './region-link'

// The map library is larger than the rest of the page together: the page is there before it.
const HeatMap = lazy(() => import('./heat-map'))
const RegionMap = lazy(() => import('./region-map'))
const metrics: readonly MapMetric[] = ['ots', 'visits', 'lts', 'dwell']

export type MapLayer = 'hexagons' | 'regions'

export function HeatPanel({ onMetric, layer, onLayer, set, link, ...map }: Omit<HeatMapProps, 'camera'> & {
    onMetric: (metric: MapMetric) => void
    layer: MapLayer
    onLayer: (layer: MapLayer) => void
    set: string | undefined
    link: RegionLink
}) {
    const text = useText()
    const [view, setView] = useState<'map' | 'table'>('map')
    const camera = useRef<Camera | null>(null)
    const title = text('map.heat.title')
    const byRegion = layer === 'regions'
    return (
        <Panel
            id="map"
            title={title}
            note={text(byRegion ? 'regions.note' : 'map.heat.note')}
            flush
            tools={
                <>
                    <SelectField
                        compact
                        label={text('map.metric')}
                        value={map.metric}
                        onChange={onMetric}
                        choices={metrics.map((id) => ({ id, label: text(id === 'dwell' ? 'metric.mean_dwell_s' : `metric.${id}`) }))}
                    />
                    <Segments
                        label={text('map.layer')}
                        value={layer}
                        onChange={onLayer}
                        choices={[{ id: 'hexagons', label: text('map.hexagons') }, { id: 'regions', label: text('regions.title') }]}
                    />
                    {/* The regions have their table below. */}
                    {!byRegion && (
                        <Segments
                            label={text('chart.view', { title })}
                            value={view}
                            onChange={setView}
                            choices={[
                                { id: 'map', label: text('map.map'), icon: <MapIcon size={13} aria-hidden /> },
                                { id: 'table', label: text('chart.table'), icon: <Table2 size={13} aria-hidden /> },
                            ]}
                        />
                    )}
                </>
            }
        >
            <Suspense fallback={<div className="h-[min(70vh,640px)] min-h-96"><Waiting height={384} /></div>}>
                {byRegion ? <RegionMap {...map} set={set} link={link} camera={camera} /> : <HeatMap {...map} view={view} camera={camera} />}
            </Suspense>
        </Panel>
    )
}
