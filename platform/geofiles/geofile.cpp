#include "platform/geofiles/geofile.hpp"

#include <ogrsf_frmts.h>

#include <algorithm>
#include <mutex>

namespace mobilytics::geofiles {

namespace {

void register_drivers() {
    static std::once_flag once;
    std::call_once(once, [] { GDALAllRegister(); });
}

struct CloseDataset {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};

const char* separator_name(char separator) {
    switch (separator) {
        case ',':
            return "SEPARATOR=COMMA";
        case ';':
            return "SEPARATOR=SEMICOLON";
        case '\t':
            return "SEPARATOR=TAB";
        case ' ':
            return "SEPARATOR=SPACE";
        case '|':
            return "SEPARATOR=PIPE";
        default:
            return "SEPARATOR=AUTO";
    }
}

std::string multi_polygon(const OGRGeometry& geometry) {
    const std::unique_ptr<OGRGeometry> multi{OGRGeometryFactory::forceToMultiPolygon(geometry.clone())};
    if (!multi || multi->getGeometryType() != wkbMultiPolygon) return {};
    std::string wkb(multi->WkbSize(), '\0');
    multi->exportToWkb(wkbNDR, reinterpret_cast<unsigned char*>(wkb.data()), wkbVariantIso);
    return wkb;
}

}  // namespace

struct GeoFile::Source {
    std::unique_ptr<GDALDataset, CloseDataset> dataset;
    OGRLayer* layer = nullptr;
    std::unique_ptr<OGRCoordinateTransformation> to_wgs84;
    bool is_csv = false;
    bool has_header = true;
    std::int64_t read = 0;

    // A text file may hold any extension; one that GDAL does not know as another format is read as CSV.
    void open(const std::string& path, const Options& options) {
        const char* csv_drivers[] = {"CSV", nullptr};
        const char* csv_options[] = {"AUTODETECT_TYPE=NO", "EMPTY_STRING_AS_NULL=YES",
                                     separator_name(options.separator),
                                     options.has_header ? "HEADERS=YES" : "HEADERS=NO", nullptr};
        const char* other_drivers[] = {"GeoJSON", "ESRI Shapefile", "GPX", nullptr};
        CPLPushErrorHandler(CPLQuietErrorHandler);
        dataset.reset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR, other_drivers));
        if (!dataset) {
            is_csv = true;
            const std::string forced = path.ends_with(".csv") ? path : "CSV:" + path;
            dataset.reset(GDALDataset::Open(forced.c_str(), GDAL_OF_VECTOR, csv_drivers, csv_options));
        }
        const std::string reason = CPLGetLastErrorMsg();
        CPLPopErrorHandler();
        if (!dataset) throw Unreadable{path + " cannot be read as CSV, GeoJSON, Shapefile or GPX. " + reason};
    }

    void choose_layer() {
        if (const char* track_points = "track_points"; dataset->GetLayerByName(track_points))
            layer = dataset->GetLayerByName(track_points);  // of a GPX file
        else
            layer = dataset->GetLayer(0);
        if (layer == nullptr) throw Unreadable{"the file holds no table"};
        const OGRSpatialReference* own = layer->GetSpatialRef();
        if (own == nullptr) return;
        OGRSpatialReference wgs84;
        wgs84.SetWellKnownGeogCS("WGS84");
        wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        to_wgs84.reset(OGRCreateCoordinateTransformation(own, &wgs84));
    }
};

GeoFile::GeoFile(const std::string& path, const Options& options) : source_{std::make_unique<Source>()} {
    register_drivers();
    source_->has_header = options.has_header;
    source_->open(path, options);
    source_->choose_layer();
    const OGRFeatureDefn* definition = source_->layer->GetLayerDefn();
    for (int i = 0; i < definition->GetFieldCount(); ++i)
        columns_.emplace_back(definition->GetFieldDefn(i)->GetNameRef());
}

GeoFile::~GeoFile() = default;

std::optional<std::size_t> GeoFile::column(std::string_view name) const {
    const auto found = std::ranges::find(columns_, name);
    if (found == columns_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns_.begin());
}

std::int64_t GeoFile::rows() const { return source_->layer->GetFeatureCount(); }

std::optional<Row> GeoFile::next() {
    const std::unique_ptr<OGRFeature> feature{source_->layer->GetNextFeature()};
    if (!feature) return std::nullopt;
    Row row;
    row.line = ++source_->read + (source_->is_csv && source_->has_header ? 1 : 0);
    for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
        if (feature->IsFieldSetAndNotNull(i))
            row.values.emplace_back(feature->GetFieldAsString(i));
        else
            row.values.emplace_back(std::nullopt);
    }
    OGRGeometry* geometry = feature->GetGeometryRef();
    if (geometry == nullptr) return row;
    if (source_->to_wgs84 && geometry->transform(source_->to_wgs84.get()) != OGRERR_NONE) return row;
    if (wkbFlatten(geometry->getGeometryType()) == wkbPoint) {
        row.lon = geometry->toPoint()->getX();
        row.lat = geometry->toPoint()->getY();
    } else {
        row.multi_polygon_wkb = multi_polygon(*geometry);
    }
    return row;
}

}  // namespace mobilytics::geofiles
