// A drawn SVG as a PNG: what the style sheet gives each shape is copied into the shape, since an image has no sheet.

const copied = [
    'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'opacity',
    'font-size', 'font-weight', 'text-anchor', 'dominant-baseline',
]
const scale = 2
const margin = { side: 16, top: 44, bottom: 16 }

function withStyles(svg: SVGSVGElement): SVGSVGElement {
    const clone = svg.cloneNode(true) as SVGSVGElement
    const [from, to] = [[...svg.querySelectorAll('*')], [...clone.querySelectorAll('*')]]
    from.forEach((element, i) => {
        const style = getComputedStyle(element)
        for (const name of copied) to[i]!.setAttribute(name, style.getPropertyValue(name))
        to[i]!.removeAttribute('class')
    })
    clone.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
    clone.setAttribute('font-family', 'Inter, Helvetica, Arial, sans-serif')
    clone.removeAttribute('class')
    return clone
}

export async function svgToPng(svg: SVGSVGElement, title: string): Promise<Blob> {
    const { width, height } = svg.getBoundingClientRect()
    const clone = withStyles(svg)
    clone.setAttribute('width', String(width))
    clone.setAttribute('height', String(height))
    const image = new Image()
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(clone))}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = (width + 2 * margin.side) * scale
    canvas.height = (height + margin.top + margin.bottom) * scale
    const context = canvas.getContext('2d')!
    const root = getComputedStyle(document.documentElement)
    const body = getComputedStyle(document.body)
    context.scale(scale, scale)
    // The panel's ground: the theme's surface, resolved through an element because light-dark() is not a colour yet.
    context.fillStyle = getComputedStyle(svg.closest('section') ?? document.body).backgroundColor || root.backgroundColor
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.fillStyle = body.color
    context.font = `600 15px ${body.fontFamily}`
    context.fillText(title, margin.side, 28)
    context.drawImage(image, margin.side, margin.top, width, height)
    return new Promise((resolve, reject) => canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png'))
}
