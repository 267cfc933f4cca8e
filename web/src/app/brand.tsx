export function Brand() {
    return (
        <span className="flex items-center gap-2 font-semibold tracking-tight">
            <img src="/favicon.svg" alt="" width={20} height={20} />
            Mobilytics
        </span>
    )
}
