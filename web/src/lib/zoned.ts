// Instants as the date and time that a form edits, in a named zone.
import { now, type ZonedDateTime } from '@internationalized/date'

/** The present minute in the zone. */
export function thisMinute(zone: string): ZonedDateTime {
    return now(zone).set({ second: 0, millisecond: 0 })
}

export const instantOf = (value: ZonedDateTime): string => value.toDate().toISOString()
