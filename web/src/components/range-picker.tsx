import { parseDate } from '@internationalized/date'
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import {
    Button, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell, DateInput,
    DateRangePicker, DateSegment, Dialog, Group, Heading, Popover, RangeCalendar,
} from 'react-aria-components'
import { useText } from '@/lib/i18n/text'
import type { Days } from '@/lib/range'
import { dateSegment } from './field'

const step = 'inline-flex size-7 cursor-pointer items-center justify-center rounded-md text-ink-soft hover:bg-hover'

function Calendar() {
    return (
        <RangeCalendar className="w-fit">
            <header className="flex items-center justify-between pb-2">
                <Button slot="previous" className={step}><ChevronLeft size={16} aria-hidden /></Button>
                <Heading className="text-sm font-medium" />
                <Button slot="next" className={step}><ChevronRight size={16} aria-hidden /></Button>
            </header>
            <CalendarGrid className="border-separate border-spacing-y-0.5">
                <CalendarGridHeader>
                    {(day) => <CalendarHeaderCell className="size-8 text-xs font-normal text-ink-faint">{day}</CalendarHeaderCell>}
                </CalendarGridHeader>
                <CalendarGridBody>
                    {(date) => (
                        <CalendarCell
                            date={date}
                            className="tabular flex size-8 cursor-pointer items-center justify-center text-sm data-[outside-month]:invisible data-[selected]:bg-accent-wash data-[selected]:text-accent-strong data-[selection-end]:rounded-r-md data-[selection-start]:rounded-l-md data-[hovered]:bg-hover data-[focus-visible]:outline-2"
                        />
                    )}
                </CalendarGridBody>
            </CalendarGrid>
        </RangeCalendar>
    )
}

/** Whole days, both ends included; typed by keyboard or picked from a calendar. */
export default function RangePicker({ value, onChange }: { value: Days; onChange: (value: Days) => void }) {
    const text = useText()
    return (
        <DateRangePicker
            aria-label={text('range.label')}
            value={{ start: parseDate(value.from), end: parseDate(value.to) }}
            onChange={(next) => {
                if (next && next.start.compare(next.end) <= 0) {
                    onChange({ from: next.start.toString(), to: next.end.toString() })
                }
            }}
        >
            <Group className="flex h-8 items-center gap-1 rounded-md border border-line-strong bg-surface pr-0.5 pl-2 text-sm pointer-coarse:h-10">
                <DateInput slot="start" className="flex">{(part) => <DateSegment segment={part} className={dateSegment} />}</DateInput>
                <span aria-hidden className="text-ink-faint">–</span>
                <DateInput slot="end" className="flex">{(part) => <DateSegment segment={part} className={dateSegment} />}</DateInput>
                <Button className={step} aria-label={text('range.open')}><CalendarDays size={15} aria-hidden /></Button>
            </Group>
            <Popover className="appear rounded-md border border-line bg-raised p-3 shadow-lg shadow-(color:--shadow)">
                <Dialog className="outline-none" aria-label={text('range.label')}><Calendar /></Dialog>
            </Popover>
        </DateRangePicker>
    )
}
