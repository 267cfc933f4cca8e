import 'maplibre-gl/dist/maplibre-gl.css'
import './map.css'
import { Map as MapView, NavigationControl, ScaleControl, setWorkerCount, setWorkerUrl, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useText, type Text } from '@/lib/i18n/text'

setWorkerUrl(workerUrl)
// One reads the base map while the other cuts the data's tiles.
setWorkerCount(2)

export type Bounds = readonly [west: number, south: number, east: number, north: number]

/** Where the reader left a map that showed these bounds. */
export interface Camera { bounds: string | undefined; center: [lon: number, lat: number]; zoom: number }

export interface MapCanvasProps {
    label: string
    style: StyleSpecification
    /** The map goes there when this changes, and otherwise stays where the reader put it. */
    bounds: Bounds | null
    /** In a page that scrolls, the wheel scrolls and Ctrl + wheel zooms. */
    inPage?: boolean
    /** Pixels of the left edge under something else: the bounds are shown beside it, where the map is wide. */
    covered?: number
    /** A map that takes another's place begins where the reader left that one. */
    camera?: RefObject<Camera | null>
    onMap?: (map: MapView) => () => void
    className?: string
}

const controlWords = (text: Text) => ({
    'NavigationControl.ZoomIn': text('map.zoom_in'),
    'NavigationControl.ZoomOut': text('map.zoom_out'),
    'NavigationControl.ResetBearing': text('map.north'),
    'AttributionControl.ToggleAttribution': text('map.attribution'),
    'CooperativeGesturesHandler.WindowsHelpText': text('map.ctrl_zoom'),
    'CooperativeGesturesHandler.MacHelpText': text('map.cmd_zoom'),
    'CooperativeGesturesHandler.MobileHelpText': text('map.two_fingers'),
    'Map.Title': text('map.title'),
})

const wide = 600

/** With room around the bounds for what is drawn about a place: half a hexagon, or a name. */
function fit(map: MapView, [west, south, east, north]: Bounds, covered = 0) {
    const isWide = map.getContainer().clientWidth >= wide
    const room = isWide ? 60 : 40
    const padding = { top: room, right: room, bottom: room, left: room + (isWide ? covered : 0) }
    map.fitBounds([[west, south], [east, north]], { padding, maxZoom: 14, animate: false })
}

const keyOf = (bounds: Bounds | null) => bounds?.join(',')
const isLeftAt = ({ camera, bounds }: MapCanvasProps) => camera?.current != null && camera.current.bounds === keyOf(bounds)

function createMap(container: HTMLElement, props: MapCanvasProps, text: Text): MapView {
    const map = new MapView({
        container,
        style: props.style,
        center: props.camera?.current?.center ?? [-95, 45],
        zoom: props.camera?.current?.zoom ?? 3,
        fadeDuration: 0,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        cooperativeGestures: props.inPage ?? false,
        renderWorldCopies: false,
        attributionControl: { compact: false },
        locale: controlWords(text),
    })
    // Says when all that belongs to the view is drawn, and the view itself is at rest.
    for (const begins of ['dataloading', 'movestart'] as const) map.on(begins, () => { container.dataset['state'] = 'busy' })
    map.on('idle', () => { container.dataset['state'] = 'idle' })
    map.touchZoomRotate.disableRotation()
    map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left')
    if (props.bounds && !isLeftAt(props)) fit(map, props.bounds, props.covered)
    return map
}

const applied = new WeakMap<MapView, StyleSpecification>()

/**
 * Applies what changed. A source that is the same in both styles is handed back as the map has it: the map's own
 * comparison takes a file that it has read for a change, and would read the whole base map again.
 */
function applyStyle(map: MapView, style: StyleSpecification) {
    const before = applied.get(map)
    if (before === style) return
    const isSame = (id: string) => JSON.stringify(before?.sources[id]) === JSON.stringify(style.sources[id])
    map.setStyle(style, {
        diff: true,
        transformStyle: (present, next) => ({
            ...next,
            sources: Object.fromEntries(Object.entries(next.sources).map(
                ([id, source]) => [id, (isSame(id) && present?.sources[id]) || source])),
        }),
    })
    applied.set(map, style)
}

/** MapLibre in a box. The style is a value: a new one is applied as the difference to the one before. */
export function MapCanvas(props: MapCanvasProps) {
    const { style, bounds, label, onMap, className, covered, camera } = props
    const text = useText()
    const container = useRef<HTMLDivElement>(null)
    const [map, setMap] = useState<MapView | null>(null)
    const [failed, setFailed] = useState(false)
    const latest = useRef({ props, text })
    latest.current = { props, text }

    useEffect(() => {
        let created: MapView | null = null
        let gone = false
        // Labels are drawn from the page's font, so it has to be there first.
        const ready = document.fonts.load('600 16px "Inter Variable"').catch(() => [])
        void ready.then(() => {
            if (gone || !container.current) return
            try {
                const view = createMap(container.current, latest.current.props, latest.current.text)
                created = view
                applied.set(view, latest.current.props.style)
                // Before its first style is there, a map would answer a new one by starting over.
                view.once('style.load', () => { if (!gone) setMap(view) })
            } catch {
                setFailed(true)
            }
        })
        return () => {
            gone = true
            const { bounds: shown } = latest.current.props
            if (camera && created) {
                camera.current = { bounds: keyOf(shown), center: created.getCenter().toArray(), zoom: created.getZoom() }
            }
            created?.remove()
            setMap(null)
        }
    }, [])

    useEffect(() => { if (map) applyStyle(map, style) }, [map, style])
    useEffect(() => (map ? onMap?.(map) : undefined), [map, onMap])
    useEffect(() => { map?.getCanvas().setAttribute('aria-label', label) }, [map, label])
    const boundsKey = keyOf(bounds)
    useEffect(() => {
        if (!map || !bounds || isLeftAt(latest.current.props)) return
        fit(map, bounds, covered)
        // What was left is passed: from here on the map goes to whatever bounds it is told.
        if (camera) camera.current = null
        // The key stands for the bounds' value.
    }, [map, boundsKey])

    if (failed) return <p role="alert" className="p-6 text-sm text-ink-soft">{text('map.no_webgl')}</p>
    return <div ref={container} className={className ?? 'h-full w-full'} data-map />
}
