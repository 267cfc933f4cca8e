import { ChartColumn, Download, Table2 } from 'lucide-react'
import { useId, useRef, useState, type ReactNode } from 'react'
import { DataTable, type Column } from '@/components/data-table'
import { Segments } from '@/components/filters'
import { MoreMenu } from '@/components/menu'
import { Panel } from '@/components/page'
import { download, toCsv, type Cell } from '@/lib/csv'
import { useText } from '@/lib/i18n/text'
import { svgToPng } from './png'

export interface Twin<Row> {
    columns: Column<Row>[]
    rows: Row[]
    rowKey: (row: Row) => string
    csv: { header: string[]; row: (row: Row) => Cell[] }
}

/** A chart with its title, its table twin, and its exports. The drawing is the SVG inside. */
export function ChartFrame<Row extends object>({ id, title, note, fileName, tools, twin, children, foot }: {
    id?: string
    title: string
    note?: ReactNode
    fileName: string
    tools?: ReactNode
    twin: Twin<Row>
    foot?: ReactNode
    children: ReactNode
}) {
    const text = useText()
    const [view, setView] = useState<'chart' | 'table'>('chart')
    const figure = useRef<HTMLDivElement>(null)
    const noteId = useId()
    const saveCsv = () => download(`${fileName}.csv`, toCsv(twin.csv.header, twin.rows.map(twin.csv.row)))
    const savePng = async () => {
        const svg = figure.current?.querySelector('svg')
        if (svg) download(`${fileName}.png`, await svgToPng(svg, title))
    }
    const exports = [
        { id: 'csv', label: text('chart.csv'), onAction: saveCsv },
        ...(view === 'chart' ? [{ id: 'png', label: text('chart.png'), onAction: () => void savePng() }] : []),
    ]
    return (
        <Panel
            {...(id ? { id } : {})}
            title={title}
            note={note && <span id={noteId}>{note}</span>}
            flush={view === 'table'}
            tools={
                <>
                    {tools}
                    <Segments
                        label={text('chart.view', { title })}
                        value={view}
                        onChange={setView}
                        choices={[
                            { id: 'chart', label: text('chart.chart'), icon: <ChartColumn size={13} aria-hidden /> },
                            { id: 'table', label: text('chart.table'), icon: <Table2 size={13} aria-hidden /> },
                        ]}
                    />
                    <MoreMenu
                        label={text('chart.export', { title })}
                        trigger={<Download size={15} aria-hidden />}
                        actions={exports}
                    />
                </>
            }
        >
            {view === 'chart'
                ? <div ref={figure}>{children}</div>
                : <DataTable label={title} {...twin} maxHeight={360} />}
            {foot}
        </Panel>
    )
}
