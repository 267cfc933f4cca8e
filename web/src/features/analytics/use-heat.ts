import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Campaign, MapMetric } from '@/api/schema'
import type { Range, Span } from '@/lib/range'
import { distinct } from './class-style'
import type { HeatFrame } from './heat-style'
import { viewOf, overviewQuery } from './overview'
import { busiest, frameGrain, framesOf, type Frame } from './playback'
import { legendQuery, metricsQuery, tileUrl } from './queries'
import { usePlayback } from './use-playback'

const whole = 'whole'
const hour = 3_600_000

/** The frame that is shown with its neighbours, which are fetched before they are wanted. */
function framesAround(frames: readonly Frame[], index: number, tilesOf: (span: Span) => string): HeatFrame[] {
    return [index - 1, index, index + 1].flatMap((i) => {
        const frame = frames[i]
        return frame ? [{ id: frame.id, tiles: tilesOf(frame.span), isShown: i === index }] : []
    })
}

/** What is to be shown */
export interface HeatShown {
    campaign: Campaign; range: Range; span: Span; metric: MapMetric
    /** The frame of the playback; undefined shows the whole of the days */
    at: string | undefined
    onAt: (at: string | undefined) => void
}

/** What the heat map and its table show: the frames, their classes, and where they lie. */
export function useHeat({ campaign, range, span, metric, at, onAt }: HeatShown, zoom: number, isDrawn: () => boolean) {
    const { data: overview } = useQuery(overviewQuery(campaign.id, span))
    // By the hour, so that frames stay the same while fresh figures come in.
    const until = overview ? Math.ceil(Date.parse(overview.about.complete_to) / hour) * hour : 0
    const frames = useMemo(() => framesOf(range, campaign.zone, until), [range, campaign.zone, until])
    const playback = usePlayback(frames, at, onAt, isDrawn)
    const { index } = playback
    const frame = index === null ? undefined : frames[index]
    const grain = frameGrain(range)

    // All frames are coloured by the classes of the busiest one; the whole has its own.
    const { data: metrics } = useQuery({ ...metricsQuery(campaign.id, span, grain), enabled: frame !== undefined })
    const measure = frame ? (metrics && busiest(frames, metrics)?.span) : span
    const { data: scale } = useQuery({
        ...legendQuery(campaign.id, measure ?? span, zoom, metric), enabled: measure !== undefined, placeholderData: keepPreviousData,
    })
    const { data: legend } = useQuery({
        ...legendQuery(campaign.id, frame?.span ?? span, zoom, metric), placeholderData: keepPreviousData,
    })
    const breaks = useMemo(() => distinct(scale?.breaks ?? []), [scale])

    // Without its classes a cell has no colour, so there are no cells before there is a legend.
    const version = scale?.about.data_version ?? null
    const shown = useMemo((): HeatFrame[] => {
        if (!version) return []
        const tilesOf = (of: Span) => tileUrl(campaign.id, of, version)
        return index === null ? [{ id: whole, tiles: tilesOf(span), isShown: true }] : framesAround(frames, index, tilesOf)
    }, [campaign.id, span, version, frames, index])
    return {
        legend, breaks, shown, playback, grain,
        bounds: useMemo(() => viewOf(overview), [overview]),
        tiles: shown.find((one) => one.isShown)?.tiles ?? null,
    }
}
