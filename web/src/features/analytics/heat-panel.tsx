import { Map as MapIcon, Table2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { MapMetric } from '@/api/schema'
import { SelectField } from '@/components/select-field'
import { Segments } from '@/components/filters'
import { Panel } from '@/components/page'
import { Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import type { HeatMapProps } from './heat-map'

// The map library is larger than the rest of the page together: the page is there before it.
const HeatMap = lazy(() => import('./heat-map'))
const metrics: readonly MapMetric[] = ['ots', 'visits', 'lts', 'dwell']

export function HeatPanel({ onMetric, ...map }: HeatMapProps & { onMetric: (metric: MapMetric) => void }) {
    const text = useText()
    const [view, setView] = useState<'map' | 'table'>('map')
    const title = text('map.heat.title')
    return (
        <Panel
            id="map"
            title={title}
            note={text('map.heat.note')}
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
                        label={text('chart.view', { title })}
                        value={view}
                        onChange={setView}
                        choices={[
                            { id: 'map', label: text('map.map'), icon: <MapIcon size={13} aria-hidden /> },
                            { id: 'table', label: text('chart.table'), icon: <Table2 size={13} aria-hidden /> },
                        ]}
                    />
                </>
            }
        >
            <Suspense fallback={<div className="h-[min(70vh,640px)] min-h-96"><Waiting height={384} /></div>}>
                <HeatMap {...map} view={view} />
            </Suspense>
        </Panel>
    )
}
