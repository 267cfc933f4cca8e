// CSV for spreadsheets: UTF-8 with a byte order mark, locale-neutral numbers, quoted where needed.
export type Cell = string | number | null | undefined

const dangerous = /^[=+\-@\t\r]/

function cellText(cell: Cell): string {
    if (cell === null || cell === undefined) return ''
    if (typeof cell === 'number') return String(cell)
    // A name that starts like a formula must stay a name in the spreadsheet.
    const safe = dangerous.test(cell) ? `'${cell}` : cell
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function toCsv(header: string[], rows: Cell[][]): string {
    return '\uFEFF' + [header, ...rows].map((row) => row.map(cellText).join(',')).join('\r\n') + '\r\n'
}

export function download(name: string, content: Blob | string) {
    const blob = typeof content === 'string' ? new Blob([content], { type: 'text/csv;charset=utf-8' }) : content
    const url = URL.createObjectURL(blob)
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
