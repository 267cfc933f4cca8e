// The one file that knows GDAL; built into a library of its own, which geofile.cpp loads.
#include <ogrsf_frmts.h>

#include <mutex>

#include "platform/geofiles/source.hpp"

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

class GdalSource : public Source {
public:
    GdalSource(const std::string& path, const Options& options) : has_header_{options.has_header} {
        register_drivers();
        open(path, options);
        choose_layer();
        const OGRFeatureDefn* definition = layer_->GetLayerDefn();
        for (int i = 0; i < definition->GetFieldCount(); ++i)
            columns_.emplace_back(definition->GetFieldDefn(i)->GetNameRef());
    }

    const std::vector<std::string>& columns() const override { return columns_; }
    std::int64_t rows() const override { return layer_->GetFeatureCount(); }

    std::optional<Row> next() override {
        const std::unique_ptr<OGRFeature> feature{layer_->GetNextFeature()};
        if (!feature) return std::nullopt;
        Row row;
        row.line = ++read_ + (is_csv_ && has_header_ ? 1 : 0);
        for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
            if (feature->IsFieldSetAndNotNull(i))
                row.values.emplace_back(feature->GetFieldAsString(i));
            else
                row.values.emplace_back(std::nullopt);
        }
        OGRGeometry* geometry = feature->GetGeometryRef();
        if (geometry == nullptr) return row;
        if (to_wgs84_ && geometry->transform(to_wgs84_.get()) != OGRERR_NONE) return row;
        if (wkbFlatten(geometry->getGeometryType()) == wkbPoint) {
            row.lon = geometry->toPoint()->getX();
            row.lat = geometry->toPoint()->getY();
        } else {
            row.multi_polygon_wkb = multi_polygon(*geometry);
        }
        return row;
    }

private:
    // A text file may hold any extension; one that GDAL does not know as another format is read as CSV.
    void open(const std::string& path, const Options& options) {
        const char* csv_drivers[] = {"CSV", nullptr};
        const char* csv_options[] = {"AUTODETECT_TYPE=NO", "EMPTY_STRING_AS_NULL=YES",
                                     separator_name(options.separator),
                                     options.has_header ? "HEADERS=YES" : "HEADERS=NO", nullptr};
        const char* other_drivers[] = {"GeoJSON", "ESRI Shapefile", "GPX", nullptr};
        CPLPushErrorHandler(CPLQuietErrorHandler);
        dataset_.reset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR, other_drivers));
        if (!dataset_) {
            is_csv_ = true;
            const std::string forced = path.ends_with(".csv") ? path : "CSV:" + path;
            dataset_.reset(GDALDataset::Open(forced.c_str(), GDAL_OF_VECTOR, csv_drivers, csv_options));
        }
        const std::string reason = CPLGetLastErrorMsg();
        CPLPopErrorHandler();
        if (!dataset_) throw Unreadable{path + " cannot be read as CSV, GeoJSON, Shapefile or GPX. " + reason};
    }

    void choose_layer() {
        if (const char* track_points = "track_points"; dataset_->GetLayerByName(track_points))
            layer_ = dataset_->GetLayerByName(track_points);  // of a GPX file
        else
            layer_ = dataset_->GetLayer(0);
        if (layer_ == nullptr) throw Unreadable{"the file holds no table"};
        const OGRSpatialReference* own = layer_->GetSpatialRef();
        if (own == nullptr) return;
        OGRSpatialReference wgs84;
        wgs84.SetWellKnownGeogCS("WGS84");
        wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        to_wgs84_.reset(OGRCreateCoordinateTransformation(own, &wgs84));
    }

    std::unique_ptr<GDALDataset, CloseDataset> dataset_;
    OGRLayer* layer_ = nullptr;
    std::unique_ptr<OGRCoordinateTransformation> to_wgs84_;
    std::vector<std::string> columns_;
    bool is_csv_ = false;
    bool has_header_ = true;
    std::int64_t read_ = 0;
};

}  // namespace

extern "C" Source* mobilytics_open_geofile(const std::string& path, const Options& options) {
    return new GdalSource{path, options};
}

}  // namespace mobilytics::geofiles
