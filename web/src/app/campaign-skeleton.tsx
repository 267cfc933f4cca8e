import { ChartSkeleton, Grey, Skeleton } from '@/components/skeletons'

const kpis = ['ots', 'visits', 'lts', 'dwell', 'reach']

/** The campaign page before its numbers: the row of totals, the chart, the map. */
export function CampaignSkeleton() {
    return (
        <div className="grid gap-3 pt-2">
            <div className="rounded-md border border-line bg-surface">
                <Skeleton>
                    <div className="grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-5">
                        {kpis.map((id) => (
                            <div key={id} className="flex h-28 flex-col justify-center gap-3 px-4">
                                <Grey className="h-3 w-24" />
                                <Grey className="h-7 w-28" />
                            </div>
                        ))}
                    </div>
                </Skeleton>
            </div>
            <ChartSkeleton />
            <ChartSkeleton height={480} />
        </div>
    )
}
