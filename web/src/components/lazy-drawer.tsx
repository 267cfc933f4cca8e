import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react'

/** A drawer that is fetched when it is first opened, and then stays. */
export function lazyDrawer<Props extends { isOpen: boolean }>(load: () => Promise<ComponentType<Props>>) {
    const Loaded = lazy(async () => ({ default: await load() }))
    return function LazyDrawer(props: Props) {
        const [wanted, setWanted] = useState(props.isOpen)
        useEffect(() => {
            if (props.isOpen) setWanted(true)
        }, [props.isOpen])
        return wanted ? <Suspense fallback={null}><Loaded {...props} /></Suspense> : null
    }
}
