import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { itemsOf } from '@/api/queries'
import { useText } from '@/lib/i18n/text'
import { companiesQuery } from './queries'

export interface Companies {
    /** By name; by id, where the name has not come. */
    nameOf: (id: string | null) => string
    known: { id: string; name: string }[]
}

/** The companies that jobs are for. */
export function useCompanies(): Companies {
    const text = useText()
    const { data } = useInfiniteQuery(companiesQuery)
    return useMemo(() => {
        const known = (itemsOf(data) ?? []).toSorted((a, b) => a.name.localeCompare(b.name))
        const names = new Map(known.map(({ id, name }) => [id, name]))
        return { known, nameOf: (id) => (id === null ? text('jobs.company.none') : names.get(id) ?? id) }
    }, [data, text])
}
