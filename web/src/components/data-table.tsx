import {
    createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
type Features = typeof features

export interface Column<Row> {
    id: string
    header: string
    /** What the column sorts by; null is unknown and stays last either way. */
    value: (row: Row) => string | number | null
    cell?: (row: Row) => ReactNode
    numeric?: boolean
    unsorted?: boolean
    wide?: boolean
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
const compare = (a: unknown, b: unknown) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))

function definition<Row extends object>(column: Column<Row>): ColumnDef<Features, Row> {
    return {
        id: column.id,
        header: column.header,
        accessorFn: (row: Row) => column.value(row) ?? undefined,
        enableSorting: !column.unsorted,
        sortUndefined: 'last',
        sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
    }
}

/** j and k walk the rows, as the arrow keys do: from link to link, so that Enter opens and Tab leaves. */
function walk(event: KeyboardEvent<HTMLTableSectionElement>) {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('tr [data-row-stop] a, tr [data-row-stop] button')]
    const next = stops[stops.indexOf(document.activeElement as HTMLElement) + step]
    if (!next) return
    event.preventDefault()
    next.focus()
}

// On a phone the name of the row stays while the rest is pushed along.
const pinned = 'max-sm:sticky max-sm:left-0 max-sm:max-w-44 max-sm:min-w-28 max-sm:bg-surface max-sm:wrap-anywhere max-sm:whitespace-normal'

export interface DataTableProps<Row> {
    /** What the table holds, for assistive technology. */
    label: string
    columns: Column<Row>[]
    rows: Row[]
    rowKey: (row: Row) => string
    sort?: { id: string; desc: boolean }
    foot?: ReactNode
    /** Rows scroll inside this height, under a fixed header. */
    maxHeight?: number
    isDimmed?: (row: Row) => boolean
    /** Key of the row that stands out, and that is scrolled to when it becomes another. */
    chosen?: string | undefined
    /** The row under the pointer or with the focus; null when it is left. */
    onPoint?: ((row: Row | null) => void) | undefined
}

/** Brings the chosen row into view when it changes, but does not move a page that only just came. */
function useChosenInView(chosen: string | undefined) {
    const body = useRef<HTMLTableSectionElement>(null)
    const before = useRef(chosen)
    useEffect(() => {
        if (before.current !== chosen) body.current?.querySelector('[data-chosen]')?.scrollIntoView({ block: 'nearest' })
        before.current = chosen
    }, [chosen])
    return body
}

/** A row is pointed at by the pointer, or by the focus on something in it. */
function pointing<Row>(row: Row, onPoint: DataTableProps<Row>['onPoint']) {
    if (!onPoint) return {}
    const [come, leave] = [() => onPoint(row), () => onPoint(null)]
    return { onMouseEnter: come, onFocus: come, onMouseLeave: leave, onBlur: leave }
}

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
    const { label, columns, rows, rowKey, sort, foot, maxHeight, isDimmed, chosen, onPoint } = props
    const body = useChosenInView(chosen)
    const definitions = useMemo(() => columns.map(definition), [columns])
    const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns])
    const table = useTable({
        features, columns: definitions, data: rows, getRowId: rowKey,
        initialState: { sorting: sort ? [sort] : [] },
    })
    const headers = table.getHeaderGroups()[0]?.headers ?? []
    return (
        <div
            role="region" aria-label={label} tabIndex={0}
            className="scroll-shade relative overflow-auto"
            style={maxHeight ? { maxHeight } : undefined}
        >
            <table className="w-full border-collapse text-sm">
                <caption className="sr-only">{label}</caption>
                <thead className="sticky top-0 z-10 bg-surface">
                    <tr>
                        {headers.map((header) => {
                            const sorted = header.column.getIsSorted()
                            const column = byId.get(header.id)!
                            return (
                                <th
                                    key={header.id}
                                    scope="col"
                                    aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}
                                    className={`h-8 border-b border-line px-3 first:pl-4 max-sm:first:sticky max-sm:first:left-0 max-sm:first:bg-surface last:pr-4 text-xs leading-tight font-medium text-ink-soft ${column.numeric ? 'text-right' : 'text-left whitespace-nowrap'}`}
                                >
                                    {header.column.getCanSort() ? (
                                        <button
                                            type="button"
                                            onClick={() => header.column.toggleSorting()}
                                            className={`inline-flex min-h-6 cursor-pointer items-center gap-1 hover:text-ink ${column.numeric ? 'text-right' : 'text-left'}`}
                                        >
                                            {column.header}
                                            {sorted === 'asc' && <ArrowUp size={12} aria-hidden />}
                                            {sorted === 'desc' && <ArrowDown size={12} aria-hidden />}
                                        </button>
                                    ) : column.header}
                                </th>
                            )
                        })}
                    </tr>
                </thead>
                <tbody ref={body} onKeyDown={walk}>
                    {table.getRowModel().rows.map((row) => (
                        <tr
                            key={row.id}
                            data-chosen={row.id === chosen || undefined}
                            {...pointing(row.original, onPoint)}
                            className={`h-8 scroll-my-10 pointer-coarse:h-10 border-b border-line last:border-b-0 hover:bg-hover data-chosen:bg-accent-wash ${isDimmed?.(row.original) ? 'text-ink-soft' : ''}`}
                        >
                            {columns.map((column, i) => {
                                // A row stays as high as the others when something in it can be pressed.
                                const shown = column.cell?.(row.original) ?? column.value(row.original) ?? '—'
                                const look = `${i === 0 ? pinned : ''} px-3 py-1 first:pl-4 last:pr-4 pointer-fine:[&_button]:h-6 ${column.numeric ? 'tabular text-right' : 'text-left'} ${column.wide ? 'sm:min-w-48' : 'sm:whitespace-nowrap'} ${i === 0 ? '' : 'max-sm:whitespace-nowrap'}`
                                return i === 0
                                    ? <th key={column.id} scope="row" data-row-stop className={`${look} font-medium`}>{shown}</th>
                                    : <td key={column.id} className={look}>{shown}</td>
                            })}
                        </tr>
                    ))}
                </tbody>
                {foot && <tfoot>{foot}</tfoot>}
            </table>
        </div>
    )
}
