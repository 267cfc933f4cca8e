import { Plus, Trash2 } from 'lucide-react'
import type { Daypart } from '@/api/schema'
import { Button, IconButton } from '@/components/button'
import { CheckField } from '@/components/check-field'
import { TextField } from '@/components/field'
import { useLocale, useText } from '@/lib/i18n/text'

const weekdays = [0, 1, 2, 3, 4, 5, 6]

/** Monday is 0; the first week of 2024 began on a Monday. */
export function weekdayName(weekday: number, locale: string, style: 'short' | 'long' = 'short'): string {
    return new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + weekday)))
}

/** When in the week the campaign counts. None means always; an end before its start runs past midnight. */
export function DaypartFields({ value, onChange }: { value: Daypart[]; onChange: (value: Daypart[]) => void }) {
    const text = useText()
    const locale = useLocale()
    const change = (index: number, part: Partial<Daypart>) =>
        onChange(value.map((daypart, i) => (i === index ? { ...daypart, ...part } : daypart)))
    const add = () => onChange([...value, { weekdays: [0, 1, 2, 3, 4], start: '07:00', end: '19:00' }])
    return (
        <fieldset className="flex flex-col gap-3">
            <legend className="text-sm font-medium">{text('campaigns.dayparts')}</legend>
            <p className="text-xs text-ink-soft">{text('campaigns.dayparts.hint')}</p>
            {value.map((daypart, i) => (
                <div key={i} className="flex flex-col gap-2 rounded-md border border-line p-3">
                    <div className="flex flex-wrap gap-x-3">
                        {weekdays.map((weekday) => (
                            <CheckField
                                key={weekday}
                                label={weekdayName(weekday, locale)}
                                isSelected={daypart.weekdays.includes(weekday)}
                                onChange={(on) => change(i, {
                                    weekdays: on
                                        ? [...daypart.weekdays, weekday].sort((a, b) => a - b)
                                        : daypart.weekdays.filter((one) => one !== weekday),
                                })}
                            />
                        ))}
                    </div>
                    <div className="flex items-end gap-2">
                        <TextField
                            label={text('campaigns.daypart.start')} name={`dayparts.${i}.start`} value={daypart.start}
                            pattern="[0-2]\d:[0-5]\d" placeholder="07:00" isRequired onChange={(start) => change(i, { start })}
                        />
                        <TextField
                            label={text('campaigns.daypart.end')} name={`dayparts.${i}.end`} value={daypart.end}
                            pattern="[0-2]\d:[0-5]\d" placeholder="19:00" isRequired onChange={(end) => change(i, { end })}
                        />
                        <IconButton label={text('campaigns.daypart.remove')} onPress={() => onChange(value.filter((_, at) => at !== i))}>
                            <Trash2 size={15} aria-hidden />
                        </IconButton>
                    </div>
                </div>
            ))}
            <div><Button onPress={add}><Plus size={14} aria-hidden />{text('campaigns.daypart.add')}</Button></div>
        </fieldset>
    )
}
