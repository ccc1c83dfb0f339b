// Made by `npm run generate` from shared_schemas/api/. Do not edit.
const codePoints = (text) => Array.from(text).length;

export const batch = validate52;
const schema19 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"batch.schema.json","title":"Batch","description":"One listing file; answer of GET /batches/{id}","type":"object","required":["id","account_id","file_name","state","progress","item_count","listed_count","processing_count","failed_count","review_count","created_at","created_by","size_bytes","sha256","last_downloaded_at","error","whole_needs_confirm","rest_count"],"properties":{"id":{"type":"integer","minimum":1,"maximum":9007199254740991},"account_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"file_name":{"type":"string","minLength":1,"maxLength":120,"pattern":"^[A-Za-z0-9][A-Za-z0-9._-]*(?![\\s\\S])"},"state":{"enum":["building","ready","failed"]},"progress":{"type":"object","title":"Progress","required":["done","total"],"properties":{"done":{"type":"integer","minimum":0,"maximum":1000000},"total":{"type":"integer","minimum":0,"maximum":1000000}}},"item_count":{"type":"integer","minimum":0,"maximum":1000000},"listed_count":{"type":"integer","minimum":0,"maximum":1000000},"processing_count":{"type":"integer","minimum":0,"maximum":1000000},"failed_count":{"type":"integer","minimum":0,"maximum":1000000},"review_count":{"type":"integer","minimum":0,"maximum":1000000},"created_at":{"type":"string","maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"created_by":{"type":"string","maxLength":100},"size_bytes":{"type":["integer","null"],"minimum":0,"maximum":9007199254740991},"sha256":{"type":["string","null"],"pattern":"^[0-9a-f]{64}(?![\\s\\S])"},"last_downloaded_at":{"type":["string","null"],"maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"error":{"type":["string","null"],"maxLength":2000},"whole_needs_confirm":{"type":"boolean"},"rest_count":{"type":"integer","minimum":0,"maximum":1000000}}};
const func1 = codePoints;
const pattern3 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]*(?![\\s\\S])", "u");
const pattern4 = new RegExp("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])", "u");
const pattern5 = new RegExp("^[0-9a-f]{64}(?![\\s\\S])", "u");

function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="batch.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate52.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((((((((((((data.id === undefined) && (missing0 = "id")) || ((data.account_id === undefined) && (missing0 = "account_id"))) || ((data.file_name === undefined) && (missing0 = "file_name"))) || ((data.state === undefined) && (missing0 = "state"))) || ((data.progress === undefined) && (missing0 = "progress"))) || ((data.item_count === undefined) && (missing0 = "item_count"))) || ((data.listed_count === undefined) && (missing0 = "listed_count"))) || ((data.processing_count === undefined) && (missing0 = "processing_count"))) || ((data.failed_count === undefined) && (missing0 = "failed_count"))) || ((data.review_count === undefined) && (missing0 = "review_count"))) || ((data.created_at === undefined) && (missing0 = "created_at"))) || ((data.created_by === undefined) && (missing0 = "created_by"))) || ((data.size_bytes === undefined) && (missing0 = "size_bytes"))) || ((data.sha256 === undefined) && (missing0 = "sha256"))) || ((data.last_downloaded_at === undefined) && (missing0 = "last_downloaded_at"))) || ((data.error === undefined) && (missing0 = "error"))) || ((data.whole_needs_confirm === undefined) && (missing0 = "whole_needs_confirm"))) || ((data.rest_count === undefined) && (missing0 = "rest_count"))){
validate52.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.id !== undefined){
let data0 = data.id;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate52.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 9007199254740991 || isNaN(data0)){
validate52.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate52.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.account_id !== undefined){
let data1 = data.account_id;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate52.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate52.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate52.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file_name !== undefined){
let data2 = data.file_name;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(func1(data2) > 120){
validate52.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/maxLength",keyword:"maxLength",params:{limit: 120},message:"must NOT have more than 120 characters"}];
return false;
}
else {
if(func1(data2) < 1){
validate52.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern3.test(data2)){
validate52.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9._-]*(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.state !== undefined){
let data3 = data.state;
const _errs7 = errors;
if(!(((data3 === "building") || (data3 === "ready")) || (data3 === "failed"))){
validate52.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/enum",keyword:"enum",params:{allowedValues: schema19.properties.state.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.progress !== undefined){
let data4 = data.progress;
const _errs8 = errors;
if(errors === _errs8){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if(((data4.done === undefined) && (missing1 = "done")) || ((data4.total === undefined) && (missing1 = "total"))){
validate52.errors = [{instancePath:instancePath+"/progress",schemaPath:"#/properties/progress/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
if(data4.done !== undefined){
let data5 = data4.done;
const _errs10 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate52.errors = [{instancePath:instancePath+"/progress/done",schemaPath:"#/properties/progress/properties/done/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1000000 || isNaN(data5)){
validate52.errors = [{instancePath:instancePath+"/progress/done",schemaPath:"#/properties/progress/properties/done/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data5 < 0 || isNaN(data5)){
validate52.errors = [{instancePath:instancePath+"/progress/done",schemaPath:"#/properties/progress/properties/done/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.total !== undefined){
let data6 = data4.total;
const _errs12 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate52.errors = [{instancePath:instancePath+"/progress/total",schemaPath:"#/properties/progress/properties/total/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs12){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 1000000 || isNaN(data6)){
validate52.errors = [{instancePath:instancePath+"/progress/total",schemaPath:"#/properties/progress/properties/total/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data6 < 0 || isNaN(data6)){
validate52.errors = [{instancePath:instancePath+"/progress/total",schemaPath:"#/properties/progress/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/progress",schemaPath:"#/properties/progress/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.item_count !== undefined){
let data7 = data.item_count;
const _errs14 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate52.errors = [{instancePath:instancePath+"/item_count",schemaPath:"#/properties/item_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs14){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 1000000 || isNaN(data7)){
validate52.errors = [{instancePath:instancePath+"/item_count",schemaPath:"#/properties/item_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data7 < 0 || isNaN(data7)){
validate52.errors = [{instancePath:instancePath+"/item_count",schemaPath:"#/properties/item_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.listed_count !== undefined){
let data8 = data.listed_count;
const _errs16 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate52.errors = [{instancePath:instancePath+"/listed_count",schemaPath:"#/properties/listed_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs16){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 1000000 || isNaN(data8)){
validate52.errors = [{instancePath:instancePath+"/listed_count",schemaPath:"#/properties/listed_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data8 < 0 || isNaN(data8)){
validate52.errors = [{instancePath:instancePath+"/listed_count",schemaPath:"#/properties/listed_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.processing_count !== undefined){
let data9 = data.processing_count;
const _errs18 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate52.errors = [{instancePath:instancePath+"/processing_count",schemaPath:"#/properties/processing_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs18){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 > 1000000 || isNaN(data9)){
validate52.errors = [{instancePath:instancePath+"/processing_count",schemaPath:"#/properties/processing_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data9 < 0 || isNaN(data9)){
validate52.errors = [{instancePath:instancePath+"/processing_count",schemaPath:"#/properties/processing_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.failed_count !== undefined){
let data10 = data.failed_count;
const _errs20 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate52.errors = [{instancePath:instancePath+"/failed_count",schemaPath:"#/properties/failed_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs20){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 > 1000000 || isNaN(data10)){
validate52.errors = [{instancePath:instancePath+"/failed_count",schemaPath:"#/properties/failed_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data10 < 0 || isNaN(data10)){
validate52.errors = [{instancePath:instancePath+"/failed_count",schemaPath:"#/properties/failed_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.review_count !== undefined){
let data11 = data.review_count;
const _errs22 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate52.errors = [{instancePath:instancePath+"/review_count",schemaPath:"#/properties/review_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs22){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 1000000 || isNaN(data11)){
validate52.errors = [{instancePath:instancePath+"/review_count",schemaPath:"#/properties/review_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data11 < 0 || isNaN(data11)){
validate52.errors = [{instancePath:instancePath+"/review_count",schemaPath:"#/properties/review_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.created_at !== undefined){
let data12 = data.created_at;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data12 === "string"){
if(func1(data12) > 27){
validate52.errors = [{instancePath:instancePath+"/created_at",schemaPath:"#/properties/created_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data12)){
validate52.errors = [{instancePath:instancePath+"/created_at",schemaPath:"#/properties/created_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/created_at",schemaPath:"#/properties/created_at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.created_by !== undefined){
let data13 = data.created_by;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data13 === "string"){
if(func1(data13) > 100){
validate52.errors = [{instancePath:instancePath+"/created_by",schemaPath:"#/properties/created_by/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/created_by",schemaPath:"#/properties/created_by/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.size_bytes !== undefined){
let data14 = data.size_bytes;
const _errs28 = errors;
if((!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))) && (data14 !== null)){
validate52.errors = [{instancePath:instancePath+"/size_bytes",schemaPath:"#/properties/size_bytes/type",keyword:"type",params:{type: schema19.properties.size_bytes.type},message:"must be integer,null"}];
return false;
}
if(errors === _errs28){
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 9007199254740991 || isNaN(data14)){
validate52.errors = [{instancePath:instancePath+"/size_bytes",schemaPath:"#/properties/size_bytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data14 < 0 || isNaN(data14)){
validate52.errors = [{instancePath:instancePath+"/size_bytes",schemaPath:"#/properties/size_bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sha256 !== undefined){
let data15 = data.sha256;
const _errs30 = errors;
if((typeof data15 !== "string") && (data15 !== null)){
validate52.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: schema19.properties.sha256.type},message:"must be string,null"}];
return false;
}
if(errors === _errs30){
if(typeof data15 === "string"){
if(!pattern5.test(data15)){
validate52.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}(?![\\s\\S])"},message:"must match pattern \""+"^[0-9a-f]{64}(?![\\s\\S])"+"\""}];
return false;
}
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.last_downloaded_at !== undefined){
let data16 = data.last_downloaded_at;
const _errs32 = errors;
if((typeof data16 !== "string") && (data16 !== null)){
validate52.errors = [{instancePath:instancePath+"/last_downloaded_at",schemaPath:"#/properties/last_downloaded_at/type",keyword:"type",params:{type: schema19.properties.last_downloaded_at.type},message:"must be string,null"}];
return false;
}
if(errors === _errs32){
if(typeof data16 === "string"){
if(func1(data16) > 27){
validate52.errors = [{instancePath:instancePath+"/last_downloaded_at",schemaPath:"#/properties/last_downloaded_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data16)){
validate52.errors = [{instancePath:instancePath+"/last_downloaded_at",schemaPath:"#/properties/last_downloaded_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.error !== undefined){
let data17 = data.error;
const _errs34 = errors;
if((typeof data17 !== "string") && (data17 !== null)){
validate52.errors = [{instancePath:instancePath+"/error",schemaPath:"#/properties/error/type",keyword:"type",params:{type: schema19.properties.error.type},message:"must be string,null"}];
return false;
}
if(errors === _errs34){
if(typeof data17 === "string"){
if(func1(data17) > 2000){
validate52.errors = [{instancePath:instancePath+"/error",schemaPath:"#/properties/error/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters"}];
return false;
}
}
}
var valid0 = _errs34 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.whole_needs_confirm !== undefined){
const _errs36 = errors;
if(typeof data.whole_needs_confirm !== "boolean"){
validate52.errors = [{instancePath:instancePath+"/whole_needs_confirm",schemaPath:"#/properties/whole_needs_confirm/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rest_count !== undefined){
let data19 = data.rest_count;
const _errs38 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate52.errors = [{instancePath:instancePath+"/rest_count",schemaPath:"#/properties/rest_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs38){
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 1000000 || isNaN(data19)){
validate52.errors = [{instancePath:instancePath+"/rest_count",schemaPath:"#/properties/rest_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data19 < 0 || isNaN(data19)){
validate52.errors = [{instancePath:instancePath+"/rest_count",schemaPath:"#/properties/rest_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs38 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate52.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate52.errors = vErrors;
return errors === 0;
}
validate52.evaluated = {"props":{"id":true,"account_id":true,"file_name":true,"state":true,"progress":true,"item_count":true,"listed_count":true,"processing_count":true,"failed_count":true,"review_count":true,"created_at":true,"created_by":true,"size_bytes":true,"sha256":true,"last_downloaded_at":true,"error":true,"whole_needs_confirm":true,"rest_count":true},"dynamicProps":false,"dynamicItems":false};

export const batchRequest = validate53;
const schema20 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"batch_request.schema.json","title":"BatchRequest","description":"POST /accounts/{id}/batches","oneOf":[{"type":"object","title":"FromQueued","required":["source"],"properties":{"source":{"const":"queued"}},"additionalProperties":false},{"type":"object","title":"FromRest","required":["source","batch_id"],"properties":{"source":{"const":"rest"},"batch_id":{"type":"integer","minimum":1,"maximum":9007199254740991}},"additionalProperties":false}]};

function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="batch_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate53.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(errors === _errs1){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.source === undefined) && (missing0 = "source")){
const err0 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
const _errs3 = errors;
for(const key0 in data){
if(!(key0 === "source")){
const err1 = {instancePath,schemaPath:"#/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
break;
}
}
if(_errs3 === errors){
if(data.source !== undefined){
if("queued" !== data.source){
const err2 = {instancePath:instancePath+"/source",schemaPath:"#/oneOf/0/properties/source/const",keyword:"const",params:{allowedValue: "queued"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
}
}
}
else {
const err3 = {instancePath,schemaPath:"#/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = true;
}
const _errs5 = errors;
if(errors === _errs5){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if(((data.source === undefined) && (missing1 = "source")) || ((data.batch_id === undefined) && (missing1 = "batch_id"))){
const err4 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
else {
const _errs7 = errors;
for(const key1 in data){
if(!((key1 === "source") || (key1 === "batch_id"))){
const err5 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
break;
}
}
if(_errs7 === errors){
if(data.source !== undefined){
const _errs8 = errors;
if("rest" !== data.source){
const err6 = {instancePath:instancePath+"/source",schemaPath:"#/oneOf/1/properties/source/const",keyword:"const",params:{allowedValue: "rest"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var valid2 = _errs8 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.batch_id !== undefined){
let data2 = data.batch_id;
const _errs9 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err7 = {instancePath:instancePath+"/batch_id",schemaPath:"#/oneOf/1/properties/batch_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(errors === _errs9){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 9007199254740991 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/batch_id",schemaPath:"#/oneOf/1/properties/batch_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
if(data2 < 1 || isNaN(data2)){
const err9 = {instancePath:instancePath+"/batch_id",schemaPath:"#/oneOf/1/properties/batch_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
const err10 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = true;
}
}
}
if(!valid0){
const err11 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
validate53.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate53.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate53.evaluated = {"dynamicProps":true,"dynamicItems":false};

export const batchRequestAnswer = validate54;
const schema21 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"batch_request_answer.schema.json","title":"BatchRequestAnswer","description":"Answer of POST /accounts/{id}/batches","type":"object","required":["batches","left_out"],"properties":{"batches":{"type":"array","maxItems":1000,"items":{"$ref":"batch.schema.json"}},"left_out":{"type":"array","maxItems":10000,"items":{"$ref":"left_out.schema.json"}}}};
const schema22 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"left_out.schema.json","title":"LeftOut","description":"One listing that a listing file leaves out, and why.","type":"object","required":["listing_id","management_number","title","reason"],"properties":{"listing_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"management_number":{"type":"string","maxLength":100},"title":{"type":"string","maxLength":500},"reason":{"type":"string","maxLength":1000}}};

function validate56(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="left_out.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate56.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.listing_id === undefined) && (missing0 = "listing_id")) || ((data.management_number === undefined) && (missing0 = "management_number"))) || ((data.title === undefined) && (missing0 = "title"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate56.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.listing_id !== undefined){
let data0 = data.listing_id;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate56.errors = [{instancePath:instancePath+"/listing_id",schemaPath:"#/properties/listing_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 9007199254740991 || isNaN(data0)){
validate56.errors = [{instancePath:instancePath+"/listing_id",schemaPath:"#/properties/listing_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate56.errors = [{instancePath:instancePath+"/listing_id",schemaPath:"#/properties/listing_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.management_number !== undefined){
let data1 = data.management_number;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 100){
validate56.errors = [{instancePath:instancePath+"/management_number",schemaPath:"#/properties/management_number/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/management_number",schemaPath:"#/properties/management_number/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.title !== undefined){
let data2 = data.title;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(func1(data2) > 500){
validate56.errors = [{instancePath:instancePath+"/title",schemaPath:"#/properties/title/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/title",schemaPath:"#/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data3 = data.reason;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(func1(data3) > 1000){
validate56.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate56.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate56.errors = vErrors;
return errors === 0;
}
validate56.evaluated = {"props":{"listing_id":true,"management_number":true,"title":true,"reason":true},"dynamicProps":false,"dynamicItems":false};


function validate54(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="batch_request_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate54.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.batches === undefined) && (missing0 = "batches")) || ((data.left_out === undefined) && (missing0 = "left_out"))){
validate54.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.batches !== undefined){
let data0 = data.batches;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
if(data0.length > 1000){
validate54.errors = [{instancePath:instancePath+"/batches",schemaPath:"#/properties/batches/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs3 = errors;
if(!(validate52(data0[i0], {instancePath:instancePath+"/batches/" + i0,parentData:data0,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate52.errors : vErrors.concat(validate52.errors);
errors = vErrors.length;
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate54.errors = [{instancePath:instancePath+"/batches",schemaPath:"#/properties/batches/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.left_out !== undefined){
let data2 = data.left_out;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data2)){
if(data2.length > 10000){
validate54.errors = [{instancePath:instancePath+"/left_out",schemaPath:"#/properties/left_out/maxItems",keyword:"maxItems",params:{limit: 10000},message:"must NOT have more than 10000 items"}];
return false;
}
else {
var valid2 = true;
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
const _errs6 = errors;
if(!(validate56(data2[i1], {instancePath:instancePath+"/left_out/" + i1,parentData:data2,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
errors = vErrors.length;
}
var valid2 = _errs6 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate54.errors = [{instancePath:instancePath+"/left_out",schemaPath:"#/properties/left_out/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
}
}
}
else {
validate54.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate54.errors = vErrors;
return errors === 0;
}
validate54.evaluated = {"props":{"batches":true,"left_out":true},"dynamicProps":false,"dynamicItems":false};

export const batches = validate58;
const schema23 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"batches.schema.json","title":"Batches","description":"Answer of GET /accounts/{id}/batches, newest first","type":"object","required":["batches"],"properties":{"batches":{"type":"array","maxItems":1000,"items":{"$ref":"batch.schema.json"}}}};

function validate58(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="batches.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate58.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.batches === undefined) && (missing0 = "batches")){
validate58.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.batches !== undefined){
let data0 = data.batches;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
if(data0.length > 1000){
validate58.errors = [{instancePath:instancePath+"/batches",schemaPath:"#/properties/batches/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs3 = errors;
if(!(validate52(data0[i0], {instancePath:instancePath+"/batches/" + i0,parentData:data0,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate52.errors : vErrors.concat(validate52.errors);
errors = vErrors.length;
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate58.errors = [{instancePath:instancePath+"/batches",schemaPath:"#/properties/batches/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
else {
validate58.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate58.errors = vErrors;
return errors === 0;
}
validate58.evaluated = {"props":{"batches":true},"dynamicProps":false,"dynamicItems":false};

export const command = validate60;
const schema24 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"command.schema.json","title":"Command","description":"One thing to do on the marketplace's own pages. `key` is the auction id or order number by which its page is found.","type":"object","required":["id","account_id","kind","state","key","label","carrier","tracking_number","reason"],"properties":{"id":{"type":"integer","minimum":1,"maximum":9007199254740991},"account_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"kind":{"enum":["ship","end"]},"state":{"enum":["queued","claimed","sending","done","failed","needs_review","cancelled"]},"key":{"type":"string","minLength":1,"maxLength":80},"label":{"type":"string","maxLength":80},"carrier":{"type":["string","null"],"maxLength":20},"tracking_number":{"type":["string","null"],"maxLength":40},"reason":{"type":["string","null"],"maxLength":1000}}};

function validate60(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="command.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate60.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((data.id === undefined) && (missing0 = "id")) || ((data.account_id === undefined) && (missing0 = "account_id"))) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.state === undefined) && (missing0 = "state"))) || ((data.key === undefined) && (missing0 = "key"))) || ((data.label === undefined) && (missing0 = "label"))) || ((data.carrier === undefined) && (missing0 = "carrier"))) || ((data.tracking_number === undefined) && (missing0 = "tracking_number"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate60.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.id !== undefined){
let data0 = data.id;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate60.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 9007199254740991 || isNaN(data0)){
validate60.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate60.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.account_id !== undefined){
let data1 = data.account_id;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate60.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate60.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate60.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kind !== undefined){
let data2 = data.kind;
const _errs5 = errors;
if(!((data2 === "ship") || (data2 === "end"))){
validate60.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema24.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.state !== undefined){
let data3 = data.state;
const _errs6 = errors;
if(!(((((((data3 === "queued") || (data3 === "claimed")) || (data3 === "sending")) || (data3 === "done")) || (data3 === "failed")) || (data3 === "needs_review")) || (data3 === "cancelled"))){
validate60.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/enum",keyword:"enum",params:{allowedValues: schema24.properties.state.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.key !== undefined){
let data4 = data.key;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data4 === "string"){
if(func1(data4) > 80){
validate60.errors = [{instancePath:instancePath+"/key",schemaPath:"#/properties/key/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data4) < 1){
validate60.errors = [{instancePath:instancePath+"/key",schemaPath:"#/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate60.errors = [{instancePath:instancePath+"/key",schemaPath:"#/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.label !== undefined){
let data5 = data.label;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data5 === "string"){
if(func1(data5) > 80){
validate60.errors = [{instancePath:instancePath+"/label",schemaPath:"#/properties/label/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/label",schemaPath:"#/properties/label/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.carrier !== undefined){
let data6 = data.carrier;
const _errs11 = errors;
if((typeof data6 !== "string") && (data6 !== null)){
validate60.errors = [{instancePath:instancePath+"/carrier",schemaPath:"#/properties/carrier/type",keyword:"type",params:{type: schema24.properties.carrier.type},message:"must be string,null"}];
return false;
}
if(errors === _errs11){
if(typeof data6 === "string"){
if(func1(data6) > 20){
validate60.errors = [{instancePath:instancePath+"/carrier",schemaPath:"#/properties/carrier/maxLength",keyword:"maxLength",params:{limit: 20},message:"must NOT have more than 20 characters"}];
return false;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tracking_number !== undefined){
let data7 = data.tracking_number;
const _errs13 = errors;
if((typeof data7 !== "string") && (data7 !== null)){
validate60.errors = [{instancePath:instancePath+"/tracking_number",schemaPath:"#/properties/tracking_number/type",keyword:"type",params:{type: schema24.properties.tracking_number.type},message:"must be string,null"}];
return false;
}
if(errors === _errs13){
if(typeof data7 === "string"){
if(func1(data7) > 40){
validate60.errors = [{instancePath:instancePath+"/tracking_number",schemaPath:"#/properties/tracking_number/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data8 = data.reason;
const _errs15 = errors;
if((typeof data8 !== "string") && (data8 !== null)){
validate60.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: schema24.properties.reason.type},message:"must be string,null"}];
return false;
}
if(errors === _errs15){
if(typeof data8 === "string"){
if(func1(data8) > 1000){
validate60.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"}];
return false;
}
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate60.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate60.errors = vErrors;
return errors === 0;
}
validate60.evaluated = {"props":{"id":true,"account_id":true,"kind":true,"state":true,"key":true,"label":true,"carrier":true,"tracking_number":true,"reason":true},"dynamicProps":false,"dynamicItems":false};

export const commandAnswer = validate61;
const schema25 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"command_answer.schema.json","title":"CommandAnswer","description":"Answer of POST /accounts/{id}/commands; null: nothing is to be done now.","type":"object","required":["command"],"properties":{"command":{"anyOf":[{"$ref":"command.schema.json"},{"type":"null"}]}}};

function validate61(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="command_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate61.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.command === undefined) && (missing0 = "command")){
validate61.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.command !== undefined){
let data0 = data.command;
const _errs2 = errors;
let valid1 = false;
const _errs3 = errors;
if(!(validate60(data0, {instancePath:instancePath+"/command",parentData:data,parentDataProperty:"command",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
valid1 = valid1 || _valid0;
if(_valid0){
var props0 = {};
props0.id = true;
props0.account_id = true;
props0.kind = true;
props0.state = true;
props0.key = true;
props0.label = true;
props0.carrier = true;
props0.tracking_number = true;
props0.reason = true;
}
const _errs4 = errors;
if(data0 !== null){
const err0 = {instancePath:instancePath+"/command",schemaPath:"#/properties/command/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs4 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const err1 = {instancePath:instancePath+"/command",schemaPath:"#/properties/command/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate61.errors = vErrors;
return false;
}
else {
errors = _errs2;
if(vErrors !== null){
if(_errs2){
vErrors.length = _errs2;
}
else {
vErrors = null;
}
}
}
}
}
}
else {
validate61.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate61.errors = vErrors;
return errors === 0;
}
validate61.evaluated = {"props":{"command":true},"dynamicProps":false,"dynamicItems":false};

export const commandGiveBackRequest = validate63;
const schema26 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"command_give_back_request.schema.json","title":"CommandGiveBackRequest","description":"Body of POST /commands/{id}/give-back: the extension's error code.","type":"object","required":["code"],"additionalProperties":false,"properties":{"code":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[A-Z_]+(?![\\s\\S])"}}};
const pattern7 = new RegExp("^[A-Z_]+(?![\\s\\S])", "u");

function validate63(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="command_give_back_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate63.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.code === undefined) && (missing0 = "code")){
validate63.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(key0 === "code")){
validate63.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.code !== undefined){
let data0 = data.code;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(func1(data0) > 40){
validate63.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
else {
if(func1(data0) < 1){
validate63.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern7.test(data0)){
validate63.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/pattern",keyword:"pattern",params:{pattern: "^[A-Z_]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Z_]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate63.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
}
}
}
else {
validate63.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate63.errors = vErrors;
return errors === 0;
}
validate63.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const commandOutcomeRequest = validate64;
const schema27 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"command_outcome_request.schema.json","title":"CommandOutcomeRequest","description":"Body of POST /commands/{id}/outcome. refused: the page said why not; not_taken: it certainly did not look at the form. `nonce`: of the click meant; a word that comes late says nothing of the next click.","type":"object","required":["kind","message"],"additionalProperties":false,"properties":{"kind":{"enum":["refused","not_taken"]},"message":{"type":"string","maxLength":1000},"nonce":{"type":"string","minLength":8,"maxLength":80,"pattern":"^[A-Za-z0-9-]+(?![\\s\\S])"}}};
const pattern8 = new RegExp("^[A-Za-z0-9-]+(?![\\s\\S])", "u");

function validate64(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="command_outcome_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate64.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.kind === undefined) && (missing0 = "kind")) || ((data.message === undefined) && (missing0 = "message"))){
validate64.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "message")) || (key0 === "nonce"))){
validate64.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.kind !== undefined){
let data0 = data.kind;
const _errs2 = errors;
if(!((data0 === "refused") || (data0 === "not_taken"))){
validate64.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema27.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
let data1 = data.message;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 1000){
validate64.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"}];
return false;
}
}
else {
validate64.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.nonce !== undefined){
let data2 = data.nonce;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(func1(data2) > 80){
validate64.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data2) < 8){
validate64.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/minLength",keyword:"minLength",params:{limit: 8},message:"must NOT have fewer than 8 characters"}];
return false;
}
else {
if(!pattern8.test(data2)){
validate64.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9-]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate64.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate64.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate64.errors = vErrors;
return errors === 0;
}
validate64.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const commandSeen = validate65;
const schema28 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"command_seen.schema.json","title":"CommandSeen","description":"What the page of a command's target shows, in its raw words: an order's status; whether an auction sells and with how many bids, or how it ended. Body of POST /commands/{id}/seen.","type":"object","required":["status","is_selling","bid_count","result"],"additionalProperties":false,"properties":{"status":{"type":["string","null"],"maxLength":120},"is_selling":{"type":["boolean","null"]},"bid_count":{"type":["integer","null"],"minimum":0,"maximum":1000000},"result":{"type":["string","null"],"maxLength":60}}};

function validate65(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="command_seen.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate65.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.status === undefined) && (missing0 = "status")) || ((data.is_selling === undefined) && (missing0 = "is_selling"))) || ((data.bid_count === undefined) && (missing0 = "bid_count"))) || ((data.result === undefined) && (missing0 = "result"))){
validate65.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((key0 === "status") || (key0 === "is_selling")) || (key0 === "bid_count")) || (key0 === "result"))){
validate65.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.status !== undefined){
let data0 = data.status;
const _errs2 = errors;
if((typeof data0 !== "string") && (data0 !== null)){
validate65.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: schema28.properties.status.type},message:"must be string,null"}];
return false;
}
if(errors === _errs2){
if(typeof data0 === "string"){
if(func1(data0) > 120){
validate65.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/maxLength",keyword:"maxLength",params:{limit: 120},message:"must NOT have more than 120 characters"}];
return false;
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.is_selling !== undefined){
let data1 = data.is_selling;
const _errs4 = errors;
if((typeof data1 !== "boolean") && (data1 !== null)){
validate65.errors = [{instancePath:instancePath+"/is_selling",schemaPath:"#/properties/is_selling/type",keyword:"type",params:{type: schema28.properties.is_selling.type},message:"must be boolean,null"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.bid_count !== undefined){
let data2 = data.bid_count;
const _errs6 = errors;
if((!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))) && (data2 !== null)){
validate65.errors = [{instancePath:instancePath+"/bid_count",schemaPath:"#/properties/bid_count/type",keyword:"type",params:{type: schema28.properties.bid_count.type},message:"must be integer,null"}];
return false;
}
if(errors === _errs6){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 1000000 || isNaN(data2)){
validate65.errors = [{instancePath:instancePath+"/bid_count",schemaPath:"#/properties/bid_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data2 < 0 || isNaN(data2)){
validate65.errors = [{instancePath:instancePath+"/bid_count",schemaPath:"#/properties/bid_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.result !== undefined){
let data3 = data.result;
const _errs8 = errors;
if((typeof data3 !== "string") && (data3 !== null)){
validate65.errors = [{instancePath:instancePath+"/result",schemaPath:"#/properties/result/type",keyword:"type",params:{type: schema28.properties.result.type},message:"must be string,null"}];
return false;
}
if(errors === _errs8){
if(typeof data3 === "string"){
if(func1(data3) > 60){
validate65.errors = [{instancePath:instancePath+"/result",schemaPath:"#/properties/result/maxLength",keyword:"maxLength",params:{limit: 60},message:"must NOT have more than 60 characters"}];
return false;
}
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate65.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate65.errors = vErrors;
return errors === 0;
}
validate65.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const commandSendingRequest = validate66;
const schema29 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"command_sending_request.schema.json","title":"CommandSendingRequest","description":"Body of POST /commands/{id}/sending; `nonce` is the extension's own name of the one click.","type":"object","required":["nonce","seen"],"additionalProperties":false,"properties":{"nonce":{"type":"string","minLength":8,"maxLength":80,"pattern":"^[A-Za-z0-9-]+(?![\\s\\S])"},"seen":{"$ref":"command_seen.schema.json"}}};

function validate66(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="command_sending_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate66.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.nonce === undefined) && (missing0 = "nonce")) || ((data.seen === undefined) && (missing0 = "seen"))){
validate66.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((key0 === "nonce") || (key0 === "seen"))){
validate66.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.nonce !== undefined){
let data0 = data.nonce;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(func1(data0) > 80){
validate66.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data0) < 8){
validate66.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/minLength",keyword:"minLength",params:{limit: 8},message:"must NOT have fewer than 8 characters"}];
return false;
}
else {
if(!pattern8.test(data0)){
validate66.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9-]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate66.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seen !== undefined){
const _errs4 = errors;
if(!(validate65(data.seen, {instancePath:instancePath+"/seen",parentData:data,parentDataProperty:"seen",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate65.errors : vErrors.concat(validate65.errors);
errors = vErrors.length;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate66.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate66.errors = vErrors;
return errors === 0;
}
validate66.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const context = validate68;
const schema30 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"context.schema.json","title":"Context","description":"Answer of GET /context","type":"object","required":["tenant","device","server_time","orders_waiting","pacing","disabled_contracts","accounts"],"properties":{"tenant":{"type":"object","title":"Tenant","required":["name","origin"],"properties":{"name":{"type":"string","maxLength":200},"origin":{"type":"string","minLength":1,"maxLength":300,"pattern":"^https?://[\\x21-\\x2e\\x30-\\x7e]+(?![\\s\\S])"}}},"device":{"type":"object","title":"Device","required":["id","name"],"properties":{"id":{"type":"integer","minimum":1,"maximum":9007199254740991},"name":{"type":"string","maxLength":100}}},"server_time":{"type":"string","maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"orders_waiting":{"type":"integer","minimum":0,"maximum":1000000},"pacing":{"type":"object","title":"Pacing","required":["min_interval_ms"],"properties":{"min_interval_ms":{"type":"integer","minimum":0,"maximum":600000}}},"disabled_contracts":{"type":"array","maxItems":100,"items":{"type":"string","minLength":1,"maxLength":60,"pattern":"^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"}},"accounts":{"type":"array","maxItems":200,"items":{"type":"object","title":"Account","required":["id","name","marketplace","profile","store_id","enabled","queued_count","last_sync_at","last_sync_device","running","attention"],"properties":{"id":{"type":"integer","minimum":1,"maximum":9007199254740991},"name":{"type":"string","minLength":1,"maxLength":200},"marketplace":{"const":"yahoo_auction"},"profile":{"enum":["classic","current"]},"store_id":{"type":"string","minLength":1,"maxLength":100},"enabled":{"type":"boolean"},"queued_count":{"type":"integer","minimum":0,"maximum":1000000},"commands_waiting":{"type":"integer","minimum":0,"maximum":1000000,"description":"Commands that a visit would be given; absent: 0."},"page_addresses":{"type":"object","description":"Where this store has its lists, where that is not where the contracts say; absent: there.","additionalProperties":false,"properties":{"selling":{"type":"string","minLength":1,"maxLength":500},"closed":{"type":"string","minLength":1,"maxLength":500}}},"last_sync_at":{"type":["string","null"],"maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"last_sync_device":{"type":["string","null"],"maxLength":100},"running":{"anyOf":[{"type":"object","title":"RunningElsewhere","required":["run_id","number","device_name","mine"],"properties":{"run_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"number":{"type":"integer","minimum":1,"maximum":9007199254740991},"device_name":{"type":"string","maxLength":100},"mine":{"type":"boolean"}}},{"type":"null"}]},"attention":{"type":"array","maxItems":100,"items":{"$ref":"notice.schema.json"}}}}}}};
const pattern10 = new RegExp("^https?://[\\x21-\\x2e\\x30-\\x7e]+(?![\\s\\S])", "u");
const pattern12 = new RegExp("^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])", "u");
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"notice.schema.json","title":"Notice","description":"Something staff should know; message is Japanese.","type":"object","required":["code","message"],"properties":{"code":{"type":"string","minLength":1,"maxLength":60,"pattern":"^[A-Z][A-Z0-9_]*(?![\\s\\S])"},"message":{"type":"string","maxLength":1000}}};
const pattern14 = new RegExp("^[A-Z][A-Z0-9_]*(?![\\s\\S])", "u");

function validate69(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="notice.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate69.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.code === undefined) && (missing0 = "code")) || ((data.message === undefined) && (missing0 = "message"))){
validate69.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.code !== undefined){
let data0 = data.code;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(func1(data0) > 60){
validate69.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/maxLength",keyword:"maxLength",params:{limit: 60},message:"must NOT have more than 60 characters"}];
return false;
}
else {
if(func1(data0) < 1){
validate69.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern14.test(data0)){
validate69.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/pattern",keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_]*(?![\\s\\S])"},message:"must match pattern \""+"^[A-Z][A-Z0-9_]*(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate69.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
let data1 = data.message;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 1000){
validate69.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
}
}
}
else {
validate69.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate69.errors = vErrors;
return errors === 0;
}
validate69.evaluated = {"props":{"code":true,"message":true},"dynamicProps":false,"dynamicItems":false};


function validate68(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="context.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate68.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.tenant === undefined) && (missing0 = "tenant")) || ((data.device === undefined) && (missing0 = "device"))) || ((data.server_time === undefined) && (missing0 = "server_time"))) || ((data.orders_waiting === undefined) && (missing0 = "orders_waiting"))) || ((data.pacing === undefined) && (missing0 = "pacing"))) || ((data.disabled_contracts === undefined) && (missing0 = "disabled_contracts"))) || ((data.accounts === undefined) && (missing0 = "accounts"))){
validate68.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.tenant !== undefined){
let data0 = data.tenant;
const _errs1 = errors;
if(errors === _errs1){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if(((data0.name === undefined) && (missing1 = "name")) || ((data0.origin === undefined) && (missing1 = "origin"))){
validate68.errors = [{instancePath:instancePath+"/tenant",schemaPath:"#/properties/tenant/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
if(data0.name !== undefined){
let data1 = data0.name;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 200){
validate68.errors = [{instancePath:instancePath+"/tenant/name",schemaPath:"#/properties/tenant/properties/name/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/tenant/name",schemaPath:"#/properties/tenant/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs3 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.origin !== undefined){
let data2 = data0.origin;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(func1(data2) > 300){
validate68.errors = [{instancePath:instancePath+"/tenant/origin",schemaPath:"#/properties/tenant/properties/origin/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
else {
if(func1(data2) < 1){
validate68.errors = [{instancePath:instancePath+"/tenant/origin",schemaPath:"#/properties/tenant/properties/origin/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern10.test(data2)){
validate68.errors = [{instancePath:instancePath+"/tenant/origin",schemaPath:"#/properties/tenant/properties/origin/pattern",keyword:"pattern",params:{pattern: "^https?://[\\x21-\\x2e\\x30-\\x7e]+(?![\\s\\S])"},message:"must match pattern \""+"^https?://[\\x21-\\x2e\\x30-\\x7e]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/tenant/origin",schemaPath:"#/properties/tenant/properties/origin/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/tenant",schemaPath:"#/properties/tenant/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device !== undefined){
let data3 = data.device;
const _errs7 = errors;
if(errors === _errs7){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing2;
if(((data3.id === undefined) && (missing2 = "id")) || ((data3.name === undefined) && (missing2 = "name"))){
validate68.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
if(data3.id !== undefined){
let data4 = data3.id;
const _errs9 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate68.errors = [{instancePath:instancePath+"/device/id",schemaPath:"#/properties/device/properties/id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs9){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 9007199254740991 || isNaN(data4)){
validate68.errors = [{instancePath:instancePath+"/device/id",schemaPath:"#/properties/device/properties/id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data4 < 1 || isNaN(data4)){
validate68.errors = [{instancePath:instancePath+"/device/id",schemaPath:"#/properties/device/properties/id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.name !== undefined){
let data5 = data3.name;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data5 === "string"){
if(func1(data5) > 100){
validate68.errors = [{instancePath:instancePath+"/device/name",schemaPath:"#/properties/device/properties/name/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/device/name",schemaPath:"#/properties/device/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.server_time !== undefined){
let data6 = data.server_time;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data6 === "string"){
if(func1(data6) > 27){
validate68.errors = [{instancePath:instancePath+"/server_time",schemaPath:"#/properties/server_time/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data6)){
validate68.errors = [{instancePath:instancePath+"/server_time",schemaPath:"#/properties/server_time/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/server_time",schemaPath:"#/properties/server_time/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.orders_waiting !== undefined){
let data7 = data.orders_waiting;
const _errs15 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate68.errors = [{instancePath:instancePath+"/orders_waiting",schemaPath:"#/properties/orders_waiting/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs15){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 1000000 || isNaN(data7)){
validate68.errors = [{instancePath:instancePath+"/orders_waiting",schemaPath:"#/properties/orders_waiting/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data7 < 0 || isNaN(data7)){
validate68.errors = [{instancePath:instancePath+"/orders_waiting",schemaPath:"#/properties/orders_waiting/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.pacing !== undefined){
let data8 = data.pacing;
const _errs17 = errors;
if(errors === _errs17){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing3;
if((data8.min_interval_ms === undefined) && (missing3 = "min_interval_ms")){
validate68.errors = [{instancePath:instancePath+"/pacing",schemaPath:"#/properties/pacing/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
if(data8.min_interval_ms !== undefined){
let data9 = data8.min_interval_ms;
const _errs19 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate68.errors = [{instancePath:instancePath+"/pacing/min_interval_ms",schemaPath:"#/properties/pacing/properties/min_interval_ms/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs19){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 > 600000 || isNaN(data9)){
validate68.errors = [{instancePath:instancePath+"/pacing/min_interval_ms",schemaPath:"#/properties/pacing/properties/min_interval_ms/maximum",keyword:"maximum",params:{comparison: "<=", limit: 600000},message:"must be <= 600000"}];
return false;
}
else {
if(data9 < 0 || isNaN(data9)){
validate68.errors = [{instancePath:instancePath+"/pacing/min_interval_ms",schemaPath:"#/properties/pacing/properties/min_interval_ms/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/pacing",schemaPath:"#/properties/pacing/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.disabled_contracts !== undefined){
let data10 = data.disabled_contracts;
const _errs21 = errors;
if(errors === _errs21){
if(Array.isArray(data10)){
if(data10.length > 100){
validate68.errors = [{instancePath:instancePath+"/disabled_contracts",schemaPath:"#/properties/disabled_contracts/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"}];
return false;
}
else {
var valid4 = true;
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
let data11 = data10[i0];
const _errs23 = errors;
if(errors === _errs23){
if(typeof data11 === "string"){
if(func1(data11) > 60){
validate68.errors = [{instancePath:instancePath+"/disabled_contracts/" + i0,schemaPath:"#/properties/disabled_contracts/items/maxLength",keyword:"maxLength",params:{limit: 60},message:"must NOT have more than 60 characters"}];
return false;
}
else {
if(func1(data11) < 1){
validate68.errors = [{instancePath:instancePath+"/disabled_contracts/" + i0,schemaPath:"#/properties/disabled_contracts/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern12.test(data11)){
validate68.errors = [{instancePath:instancePath+"/disabled_contracts/" + i0,schemaPath:"#/properties/disabled_contracts/items/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"},message:"must match pattern \""+"^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/disabled_contracts/" + i0,schemaPath:"#/properties/disabled_contracts/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid4 = _errs23 === errors;
if(!valid4){
break;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/disabled_contracts",schemaPath:"#/properties/disabled_contracts/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.accounts !== undefined){
let data12 = data.accounts;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data12)){
if(data12.length > 200){
validate68.errors = [{instancePath:instancePath+"/accounts",schemaPath:"#/properties/accounts/maxItems",keyword:"maxItems",params:{limit: 200},message:"must NOT have more than 200 items"}];
return false;
}
else {
var valid5 = true;
const len1 = data12.length;
for(let i1=0; i1<len1; i1++){
let data13 = data12[i1];
const _errs27 = errors;
if(errors === _errs27){
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
let missing4;
if((((((((((((data13.id === undefined) && (missing4 = "id")) || ((data13.name === undefined) && (missing4 = "name"))) || ((data13.marketplace === undefined) && (missing4 = "marketplace"))) || ((data13.profile === undefined) && (missing4 = "profile"))) || ((data13.store_id === undefined) && (missing4 = "store_id"))) || ((data13.enabled === undefined) && (missing4 = "enabled"))) || ((data13.queued_count === undefined) && (missing4 = "queued_count"))) || ((data13.last_sync_at === undefined) && (missing4 = "last_sync_at"))) || ((data13.last_sync_device === undefined) && (missing4 = "last_sync_device"))) || ((data13.running === undefined) && (missing4 = "running"))) || ((data13.attention === undefined) && (missing4 = "attention"))){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1,schemaPath:"#/properties/accounts/items/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
if(data13.id !== undefined){
let data14 = data13.id;
const _errs29 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/id",schemaPath:"#/properties/accounts/items/properties/id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs29){
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 9007199254740991 || isNaN(data14)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/id",schemaPath:"#/properties/accounts/items/properties/id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data14 < 1 || isNaN(data14)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/id",schemaPath:"#/properties/accounts/items/properties/id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid6 = _errs29 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.name !== undefined){
let data15 = data13.name;
const _errs31 = errors;
if(errors === _errs31){
if(typeof data15 === "string"){
if(func1(data15) > 200){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/name",schemaPath:"#/properties/accounts/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"}];
return false;
}
else {
if(func1(data15) < 1){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/name",schemaPath:"#/properties/accounts/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/name",schemaPath:"#/properties/accounts/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs31 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.marketplace !== undefined){
const _errs33 = errors;
if("yahoo_auction" !== data13.marketplace){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/marketplace",schemaPath:"#/properties/accounts/items/properties/marketplace/const",keyword:"const",params:{allowedValue: "yahoo_auction"},message:"must be equal to constant"}];
return false;
}
var valid6 = _errs33 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.profile !== undefined){
let data17 = data13.profile;
const _errs34 = errors;
if(!((data17 === "classic") || (data17 === "current"))){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/profile",schemaPath:"#/properties/accounts/items/properties/profile/enum",keyword:"enum",params:{allowedValues: schema30.properties.accounts.items.properties.profile.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid6 = _errs34 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.store_id !== undefined){
let data18 = data13.store_id;
const _errs35 = errors;
if(errors === _errs35){
if(typeof data18 === "string"){
if(func1(data18) > 100){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/store_id",schemaPath:"#/properties/accounts/items/properties/store_id/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data18) < 1){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/store_id",schemaPath:"#/properties/accounts/items/properties/store_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/store_id",schemaPath:"#/properties/accounts/items/properties/store_id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs35 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.enabled !== undefined){
const _errs37 = errors;
if(typeof data13.enabled !== "boolean"){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/enabled",schemaPath:"#/properties/accounts/items/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid6 = _errs37 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.queued_count !== undefined){
let data20 = data13.queued_count;
const _errs39 = errors;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/queued_count",schemaPath:"#/properties/accounts/items/properties/queued_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs39){
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 1000000 || isNaN(data20)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/queued_count",schemaPath:"#/properties/accounts/items/properties/queued_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data20 < 0 || isNaN(data20)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/queued_count",schemaPath:"#/properties/accounts/items/properties/queued_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid6 = _errs39 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.commands_waiting !== undefined){
let data21 = data13.commands_waiting;
const _errs41 = errors;
if(!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21)))){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/commands_waiting",schemaPath:"#/properties/accounts/items/properties/commands_waiting/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs41){
if((typeof data21 == "number") && (isFinite(data21))){
if(data21 > 1000000 || isNaN(data21)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/commands_waiting",schemaPath:"#/properties/accounts/items/properties/commands_waiting/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data21 < 0 || isNaN(data21)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/commands_waiting",schemaPath:"#/properties/accounts/items/properties/commands_waiting/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid6 = _errs41 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.page_addresses !== undefined){
let data22 = data13.page_addresses;
const _errs43 = errors;
if(errors === _errs43){
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
const _errs45 = errors;
for(const key0 in data22){
if(!((key0 === "selling") || (key0 === "closed"))){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses",schemaPath:"#/properties/accounts/items/properties/page_addresses/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs45 === errors){
if(data22.selling !== undefined){
let data23 = data22.selling;
const _errs46 = errors;
if(errors === _errs46){
if(typeof data23 === "string"){
if(func1(data23) > 500){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses/selling",schemaPath:"#/properties/accounts/items/properties/page_addresses/properties/selling/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
else {
if(func1(data23) < 1){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses/selling",schemaPath:"#/properties/accounts/items/properties/page_addresses/properties/selling/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses/selling",schemaPath:"#/properties/accounts/items/properties/page_addresses/properties/selling/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid7 = _errs46 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data22.closed !== undefined){
let data24 = data22.closed;
const _errs48 = errors;
if(errors === _errs48){
if(typeof data24 === "string"){
if(func1(data24) > 500){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses/closed",schemaPath:"#/properties/accounts/items/properties/page_addresses/properties/closed/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
else {
if(func1(data24) < 1){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses/closed",schemaPath:"#/properties/accounts/items/properties/page_addresses/properties/closed/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses/closed",schemaPath:"#/properties/accounts/items/properties/page_addresses/properties/closed/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid7 = _errs48 === errors;
}
else {
var valid7 = true;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/page_addresses",schemaPath:"#/properties/accounts/items/properties/page_addresses/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid6 = _errs43 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.last_sync_at !== undefined){
let data25 = data13.last_sync_at;
const _errs50 = errors;
if((typeof data25 !== "string") && (data25 !== null)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/last_sync_at",schemaPath:"#/properties/accounts/items/properties/last_sync_at/type",keyword:"type",params:{type: schema30.properties.accounts.items.properties.last_sync_at.type},message:"must be string,null"}];
return false;
}
if(errors === _errs50){
if(typeof data25 === "string"){
if(func1(data25) > 27){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/last_sync_at",schemaPath:"#/properties/accounts/items/properties/last_sync_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data25)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/last_sync_at",schemaPath:"#/properties/accounts/items/properties/last_sync_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
var valid6 = _errs50 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.last_sync_device !== undefined){
let data26 = data13.last_sync_device;
const _errs52 = errors;
if((typeof data26 !== "string") && (data26 !== null)){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/last_sync_device",schemaPath:"#/properties/accounts/items/properties/last_sync_device/type",keyword:"type",params:{type: schema30.properties.accounts.items.properties.last_sync_device.type},message:"must be string,null"}];
return false;
}
if(errors === _errs52){
if(typeof data26 === "string"){
if(func1(data26) > 100){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/last_sync_device",schemaPath:"#/properties/accounts/items/properties/last_sync_device/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
}
}
var valid6 = _errs52 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.running !== undefined){
let data27 = data13.running;
const _errs54 = errors;
const _errs55 = errors;
let valid8 = false;
const _errs56 = errors;
if(errors === _errs56){
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
let missing5;
if(((((data27.run_id === undefined) && (missing5 = "run_id")) || ((data27.number === undefined) && (missing5 = "number"))) || ((data27.device_name === undefined) && (missing5 = "device_name"))) || ((data27.mine === undefined) && (missing5 = "mine"))){
const err0 = {instancePath:instancePath+"/accounts/" + i1+"/running",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data27.run_id !== undefined){
let data28 = data27.run_id;
const _errs58 = errors;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
const err1 = {instancePath:instancePath+"/accounts/" + i1+"/running/run_id",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/run_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(errors === _errs58){
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 9007199254740991 || isNaN(data28)){
const err2 = {instancePath:instancePath+"/accounts/" + i1+"/running/run_id",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/run_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
if(data28 < 1 || isNaN(data28)){
const err3 = {instancePath:instancePath+"/accounts/" + i1+"/running/run_id",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/run_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
}
var valid9 = _errs58 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data27.number !== undefined){
let data29 = data27.number;
const _errs60 = errors;
if(!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))){
const err4 = {instancePath:instancePath+"/accounts/" + i1+"/running/number",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(errors === _errs60){
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 > 9007199254740991 || isNaN(data29)){
const err5 = {instancePath:instancePath+"/accounts/" + i1+"/running/number",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/number/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
if(data29 < 1 || isNaN(data29)){
const err6 = {instancePath:instancePath+"/accounts/" + i1+"/running/number",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
}
var valid9 = _errs60 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data27.device_name !== undefined){
let data30 = data27.device_name;
const _errs62 = errors;
if(errors === _errs62){
if(typeof data30 === "string"){
if(func1(data30) > 100){
const err7 = {instancePath:instancePath+"/accounts/" + i1+"/running/device_name",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/device_name/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/accounts/" + i1+"/running/device_name",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/device_name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var valid9 = _errs62 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data27.mine !== undefined){
const _errs64 = errors;
if(typeof data27.mine !== "boolean"){
const err9 = {instancePath:instancePath+"/accounts/" + i1+"/running/mine",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/properties/mine/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var valid9 = _errs64 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
}
else {
const err10 = {instancePath:instancePath+"/accounts/" + i1+"/running",schemaPath:"#/properties/accounts/items/properties/running/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var _valid0 = _errs56 === errors;
valid8 = valid8 || _valid0;
if(_valid0){
var props0 = {};
props0.run_id = true;
props0.number = true;
props0.device_name = true;
props0.mine = true;
}
const _errs66 = errors;
if(data27 !== null){
const err11 = {instancePath:instancePath+"/accounts/" + i1+"/running",schemaPath:"#/properties/accounts/items/properties/running/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
var _valid0 = _errs66 === errors;
valid8 = valid8 || _valid0;
if(!valid8){
const err12 = {instancePath:instancePath+"/accounts/" + i1+"/running",schemaPath:"#/properties/accounts/items/properties/running/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
validate68.errors = vErrors;
return false;
}
else {
errors = _errs55;
if(vErrors !== null){
if(_errs55){
vErrors.length = _errs55;
}
else {
vErrors = null;
}
}
}
var valid6 = _errs54 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data13.attention !== undefined){
let data32 = data13.attention;
const _errs68 = errors;
if(errors === _errs68){
if(Array.isArray(data32)){
if(data32.length > 100){
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/attention",schemaPath:"#/properties/accounts/items/properties/attention/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"}];
return false;
}
else {
var valid10 = true;
const len2 = data32.length;
for(let i2=0; i2<len2; i2++){
const _errs70 = errors;
if(!(validate69(data32[i2], {instancePath:instancePath+"/accounts/" + i1+"/attention/" + i2,parentData:data32,parentDataProperty:i2,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
errors = vErrors.length;
}
var valid10 = _errs70 === errors;
if(!valid10){
break;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1+"/attention",schemaPath:"#/properties/accounts/items/properties/attention/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid6 = _errs68 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts/" + i1,schemaPath:"#/properties/accounts/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid5 = _errs27 === errors;
if(!valid5){
break;
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/accounts",schemaPath:"#/properties/accounts/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate68.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate68.errors = vErrors;
return errors === 0;
}
validate68.evaluated = {"props":{"tenant":true,"device":true,"server_time":true,"orders_waiting":true,"pacing":true,"disabled_contracts":true,"accounts":true},"dynamicProps":false,"dynamicItems":false};

export const downloadAnswer = validate71;
const schema32 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"download_answer.schema.json","title":"DownloadAnswer","description":"Answer of POST /batches/{id}/downloads","type":"object","required":["url","file_name","size_bytes","sha256","expires_at"],"properties":{"url":{"type":"string","minLength":1,"maxLength":2000,"pattern":"^https?://[\\x21-\\x7e]+(?![\\s\\S])"},"file_name":{"type":"string","minLength":1,"maxLength":120,"pattern":"^[A-Za-z0-9][A-Za-z0-9._-]*(?![\\s\\S])"},"size_bytes":{"type":"integer","minimum":0,"maximum":9007199254740991},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}(?![\\s\\S])"},"expires_at":{"type":"string","maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"}}};
const pattern15 = new RegExp("^https?://[\\x21-\\x7e]+(?![\\s\\S])", "u");

function validate71(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="download_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate71.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.url === undefined) && (missing0 = "url")) || ((data.file_name === undefined) && (missing0 = "file_name"))) || ((data.size_bytes === undefined) && (missing0 = "size_bytes"))) || ((data.sha256 === undefined) && (missing0 = "sha256"))) || ((data.expires_at === undefined) && (missing0 = "expires_at"))){
validate71.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.url !== undefined){
let data0 = data.url;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(func1(data0) > 2000){
validate71.errors = [{instancePath:instancePath+"/url",schemaPath:"#/properties/url/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters"}];
return false;
}
else {
if(func1(data0) < 1){
validate71.errors = [{instancePath:instancePath+"/url",schemaPath:"#/properties/url/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern15.test(data0)){
validate71.errors = [{instancePath:instancePath+"/url",schemaPath:"#/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[\\x21-\\x7e]+(?![\\s\\S])"},message:"must match pattern \""+"^https?://[\\x21-\\x7e]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate71.errors = [{instancePath:instancePath+"/url",schemaPath:"#/properties/url/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file_name !== undefined){
let data1 = data.file_name;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 120){
validate71.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/maxLength",keyword:"maxLength",params:{limit: 120},message:"must NOT have more than 120 characters"}];
return false;
}
else {
if(func1(data1) < 1){
validate71.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern3.test(data1)){
validate71.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9._-]*(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate71.errors = [{instancePath:instancePath+"/file_name",schemaPath:"#/properties/file_name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.size_bytes !== undefined){
let data2 = data.size_bytes;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate71.errors = [{instancePath:instancePath+"/size_bytes",schemaPath:"#/properties/size_bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 9007199254740991 || isNaN(data2)){
validate71.errors = [{instancePath:instancePath+"/size_bytes",schemaPath:"#/properties/size_bytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data2 < 0 || isNaN(data2)){
validate71.errors = [{instancePath:instancePath+"/size_bytes",schemaPath:"#/properties/size_bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sha256 !== undefined){
let data3 = data.sha256;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate71.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}(?![\\s\\S])"},message:"must match pattern \""+"^[0-9a-f]{64}(?![\\s\\S])"+"\""}];
return false;
}
}
else {
validate71.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.expires_at !== undefined){
let data4 = data.expires_at;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data4 === "string"){
if(func1(data4) > 27){
validate71.errors = [{instancePath:instancePath+"/expires_at",schemaPath:"#/properties/expires_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data4)){
validate71.errors = [{instancePath:instancePath+"/expires_at",schemaPath:"#/properties/expires_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
else {
validate71.errors = [{instancePath:instancePath+"/expires_at",schemaPath:"#/properties/expires_at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate71.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate71.errors = vErrors;
return errors === 0;
}
validate71.evaluated = {"props":{"url":true,"file_name":true,"size_bytes":true,"sha256":true,"expires_at":true},"dynamicProps":false,"dynamicItems":false};

export const downloadRequest = validate72;
const schema33 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"download_request.schema.json","title":"DownloadRequest","description":"POST /batches/{id}/downloads","type":"object","required":["confirm_whole"],"properties":{"confirm_whole":{"type":"boolean"}},"additionalProperties":false};

function validate72(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="download_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate72.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.confirm_whole === undefined) && (missing0 = "confirm_whole")){
validate72.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(key0 === "confirm_whole")){
validate72.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.confirm_whole !== undefined){
if(typeof data.confirm_whole !== "boolean"){
validate72.errors = [{instancePath:instancePath+"/confirm_whole",schemaPath:"#/properties/confirm_whole/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
}
}
}
}
else {
validate72.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate72.errors = vErrors;
return errors === 0;
}
validate72.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const finishAnswer = validate73;
const schema34 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"finish_answer.schema.json","title":"FinishAnswer","description":"Answer of POST /runs/{id}/finish","type":"object","required":["run_id","state","summary","notices"],"properties":{"run_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"state":{"type":"string","minLength":1,"maxLength":40},"summary":{"type":"object","title":"Summary","required":["selling","closed","orders","orders_new","needs_review","unlinked"],"properties":{"selling":{"type":"integer","minimum":0,"maximum":1000000},"closed":{"type":"integer","minimum":0,"maximum":1000000},"orders":{"type":"integer","minimum":0,"maximum":1000000},"orders_new":{"type":"integer","minimum":0,"maximum":1000000},"needs_review":{"type":"integer","minimum":0,"maximum":1000000},"unlinked":{"type":"integer","minimum":0,"maximum":1000000}}},"notices":{"type":"array","maxItems":200,"items":{"$ref":"notice.schema.json"}}}};

function validate73(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="finish_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate73.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.run_id === undefined) && (missing0 = "run_id")) || ((data.state === undefined) && (missing0 = "state"))) || ((data.summary === undefined) && (missing0 = "summary"))) || ((data.notices === undefined) && (missing0 = "notices"))){
validate73.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.run_id !== undefined){
let data0 = data.run_id;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate73.errors = [{instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 9007199254740991 || isNaN(data0)){
validate73.errors = [{instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate73.errors = [{instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.state !== undefined){
let data1 = data.state;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 40){
validate73.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
else {
if(func1(data1) < 1){
validate73.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate73.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.summary !== undefined){
let data2 = data.summary;
const _errs5 = errors;
if(errors === _errs5){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if(((((((data2.selling === undefined) && (missing1 = "selling")) || ((data2.closed === undefined) && (missing1 = "closed"))) || ((data2.orders === undefined) && (missing1 = "orders"))) || ((data2.orders_new === undefined) && (missing1 = "orders_new"))) || ((data2.needs_review === undefined) && (missing1 = "needs_review"))) || ((data2.unlinked === undefined) && (missing1 = "unlinked"))){
validate73.errors = [{instancePath:instancePath+"/summary",schemaPath:"#/properties/summary/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
if(data2.selling !== undefined){
let data3 = data2.selling;
const _errs7 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate73.errors = [{instancePath:instancePath+"/summary/selling",schemaPath:"#/properties/summary/properties/selling/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 1000000 || isNaN(data3)){
validate73.errors = [{instancePath:instancePath+"/summary/selling",schemaPath:"#/properties/summary/properties/selling/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate73.errors = [{instancePath:instancePath+"/summary/selling",schemaPath:"#/properties/summary/properties/selling/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.closed !== undefined){
let data4 = data2.closed;
const _errs9 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate73.errors = [{instancePath:instancePath+"/summary/closed",schemaPath:"#/properties/summary/properties/closed/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs9){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1000000 || isNaN(data4)){
validate73.errors = [{instancePath:instancePath+"/summary/closed",schemaPath:"#/properties/summary/properties/closed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data4 < 0 || isNaN(data4)){
validate73.errors = [{instancePath:instancePath+"/summary/closed",schemaPath:"#/properties/summary/properties/closed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.orders !== undefined){
let data5 = data2.orders;
const _errs11 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate73.errors = [{instancePath:instancePath+"/summary/orders",schemaPath:"#/properties/summary/properties/orders/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1000000 || isNaN(data5)){
validate73.errors = [{instancePath:instancePath+"/summary/orders",schemaPath:"#/properties/summary/properties/orders/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data5 < 0 || isNaN(data5)){
validate73.errors = [{instancePath:instancePath+"/summary/orders",schemaPath:"#/properties/summary/properties/orders/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs11 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.orders_new !== undefined){
let data6 = data2.orders_new;
const _errs13 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate73.errors = [{instancePath:instancePath+"/summary/orders_new",schemaPath:"#/properties/summary/properties/orders_new/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs13){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 1000000 || isNaN(data6)){
validate73.errors = [{instancePath:instancePath+"/summary/orders_new",schemaPath:"#/properties/summary/properties/orders_new/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data6 < 0 || isNaN(data6)){
validate73.errors = [{instancePath:instancePath+"/summary/orders_new",schemaPath:"#/properties/summary/properties/orders_new/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs13 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.needs_review !== undefined){
let data7 = data2.needs_review;
const _errs15 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate73.errors = [{instancePath:instancePath+"/summary/needs_review",schemaPath:"#/properties/summary/properties/needs_review/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs15){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 1000000 || isNaN(data7)){
validate73.errors = [{instancePath:instancePath+"/summary/needs_review",schemaPath:"#/properties/summary/properties/needs_review/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data7 < 0 || isNaN(data7)){
validate73.errors = [{instancePath:instancePath+"/summary/needs_review",schemaPath:"#/properties/summary/properties/needs_review/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs15 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.unlinked !== undefined){
let data8 = data2.unlinked;
const _errs17 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate73.errors = [{instancePath:instancePath+"/summary/unlinked",schemaPath:"#/properties/summary/properties/unlinked/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs17){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 1000000 || isNaN(data8)){
validate73.errors = [{instancePath:instancePath+"/summary/unlinked",schemaPath:"#/properties/summary/properties/unlinked/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data8 < 0 || isNaN(data8)){
validate73.errors = [{instancePath:instancePath+"/summary/unlinked",schemaPath:"#/properties/summary/properties/unlinked/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs17 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
else {
validate73.errors = [{instancePath:instancePath+"/summary",schemaPath:"#/properties/summary/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notices !== undefined){
let data9 = data.notices;
const _errs19 = errors;
if(errors === _errs19){
if(Array.isArray(data9)){
if(data9.length > 200){
validate73.errors = [{instancePath:instancePath+"/notices",schemaPath:"#/properties/notices/maxItems",keyword:"maxItems",params:{limit: 200},message:"must NOT have more than 200 items"}];
return false;
}
else {
var valid2 = true;
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
const _errs21 = errors;
if(!(validate69(data9[i0], {instancePath:instancePath+"/notices/" + i0,parentData:data9,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
errors = vErrors.length;
}
var valid2 = _errs21 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate73.errors = [{instancePath:instancePath+"/notices",schemaPath:"#/properties/notices/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate73.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate73.errors = vErrors;
return errors === 0;
}
validate73.evaluated = {"props":{"run_id":true,"state":true,"summary":true,"notices":true},"dynamicProps":false,"dynamicItems":false};

export const finishRequest = validate75;
const schema35 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"finish_request.schema.json","title":"FinishRequest","description":"POST /runs/{id}/finish","type":"object","required":["outcome","phases","error"],"properties":{"outcome":{"enum":["complete","failed"]},"phases":{"type":"array","maxItems":5,"items":{"type":"object","title":"PhaseReport","required":["phase","pages","rows","complete"],"properties":{"phase":{"type":"string","enum":["selling","closed","won","numbered","detail"]},"pages":{"type":"integer","minimum":0,"maximum":1000000},"rows":{"type":"integer","minimum":0,"maximum":1000000},"complete":{"type":"boolean"}},"additionalProperties":false}},"error":{"anyOf":[{"type":"object","title":"RunError","required":["code","phase","detail","contract","missing","skeleton"],"properties":{"code":{"type":"string","description":"One of extension_errors.json; anything else is kept as it is and shown as unknown","minLength":1,"maxLength":200},"phase":{"anyOf":[{"type":"string","enum":["selling","closed","won","numbered","detail"]},{"type":"null"}]},"detail":{"type":"string","maxLength":2000},"contract":{"type":["string","null"],"minLength":1,"maxLength":60,"pattern":"^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"},"missing":{"type":"array","maxItems":100,"items":{"type":"string","maxLength":200}},"skeleton":{"type":["string","null"],"maxLength":60000}},"additionalProperties":false},{"type":"null"}]},"set_aside":{"type":"array","maxItems":1000,"items":{"type":"object","title":"SetAside","description":"An order whose own page alone could not be read; the run is complete for all others. `key` as in wanted_details.","required":["key","reason"],"properties":{"key":{"type":"string","minLength":1,"maxLength":80,"pattern":"^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"},"reason":{"type":"string","enum":["not_found","error","unreadable"]}},"additionalProperties":false}}},"additionalProperties":false};
const pattern20 = new RegExp("^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])", "u");

function validate75(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="finish_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate75.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.phases === undefined) && (missing0 = "phases"))) || ((data.error === undefined) && (missing0 = "error"))){
validate75.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((key0 === "outcome") || (key0 === "phases")) || (key0 === "error")) || (key0 === "set_aside"))){
validate75.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.outcome !== undefined){
let data0 = data.outcome;
const _errs2 = errors;
if(!((data0 === "complete") || (data0 === "failed"))){
validate75.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/enum",keyword:"enum",params:{allowedValues: schema35.properties.outcome.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.phases !== undefined){
let data1 = data.phases;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data1)){
if(data1.length > 5){
validate75.errors = [{instancePath:instancePath+"/phases",schemaPath:"#/properties/phases/maxItems",keyword:"maxItems",params:{limit: 5},message:"must NOT have more than 5 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs5 = errors;
if(errors === _errs5){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if(((((data2.phase === undefined) && (missing1 = "phase")) || ((data2.pages === undefined) && (missing1 = "pages"))) || ((data2.rows === undefined) && (missing1 = "rows"))) || ((data2.complete === undefined) && (missing1 = "complete"))){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0,schemaPath:"#/properties/phases/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs7 = errors;
for(const key1 in data2){
if(!((((key1 === "phase") || (key1 === "pages")) || (key1 === "rows")) || (key1 === "complete"))){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0,schemaPath:"#/properties/phases/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs7 === errors){
if(data2.phase !== undefined){
let data3 = data2.phase;
const _errs8 = errors;
if(typeof data3 !== "string"){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/phase",schemaPath:"#/properties/phases/items/properties/phase/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((((data3 === "selling") || (data3 === "closed")) || (data3 === "won")) || (data3 === "numbered")) || (data3 === "detail"))){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/phase",schemaPath:"#/properties/phases/items/properties/phase/enum",keyword:"enum",params:{allowedValues: schema35.properties.phases.items.properties.phase.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid2 = _errs8 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.pages !== undefined){
let data4 = data2.pages;
const _errs10 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/pages",schemaPath:"#/properties/phases/items/properties/pages/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1000000 || isNaN(data4)){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/pages",schemaPath:"#/properties/phases/items/properties/pages/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data4 < 0 || isNaN(data4)){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/pages",schemaPath:"#/properties/phases/items/properties/pages/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.rows !== undefined){
let data5 = data2.rows;
const _errs12 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/rows",schemaPath:"#/properties/phases/items/properties/rows/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs12){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1000000 || isNaN(data5)){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/rows",schemaPath:"#/properties/phases/items/properties/rows/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data5 < 0 || isNaN(data5)){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/rows",schemaPath:"#/properties/phases/items/properties/rows/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.complete !== undefined){
const _errs14 = errors;
if(typeof data2.complete !== "boolean"){
validate75.errors = [{instancePath:instancePath+"/phases/" + i0+"/complete",schemaPath:"#/properties/phases/items/properties/complete/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
else {
validate75.errors = [{instancePath:instancePath+"/phases/" + i0,schemaPath:"#/properties/phases/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate75.errors = [{instancePath:instancePath+"/phases",schemaPath:"#/properties/phases/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.error !== undefined){
let data7 = data.error;
const _errs16 = errors;
const _errs17 = errors;
let valid3 = false;
const _errs18 = errors;
if(errors === _errs18){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing2;
if(((((((data7.code === undefined) && (missing2 = "code")) || ((data7.phase === undefined) && (missing2 = "phase"))) || ((data7.detail === undefined) && (missing2 = "detail"))) || ((data7.contract === undefined) && (missing2 = "contract"))) || ((data7.missing === undefined) && (missing2 = "missing"))) || ((data7.skeleton === undefined) && (missing2 = "skeleton"))){
const err0 = {instancePath:instancePath+"/error",schemaPath:"#/properties/error/anyOf/0/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
const _errs20 = errors;
for(const key2 in data7){
if(!((((((key2 === "code") || (key2 === "phase")) || (key2 === "detail")) || (key2 === "contract")) || (key2 === "missing")) || (key2 === "skeleton"))){
const err1 = {instancePath:instancePath+"/error",schemaPath:"#/properties/error/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
break;
}
}
if(_errs20 === errors){
if(data7.code !== undefined){
let data8 = data7.code;
const _errs21 = errors;
if(errors === _errs21){
if(typeof data8 === "string"){
if(func1(data8) > 200){
const err2 = {instancePath:instancePath+"/error/code",schemaPath:"#/properties/error/anyOf/0/properties/code/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
if(func1(data8) < 1){
const err3 = {instancePath:instancePath+"/error/code",schemaPath:"#/properties/error/anyOf/0/properties/code/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath:instancePath+"/error/code",schemaPath:"#/properties/error/anyOf/0/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
var valid4 = _errs21 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data7.phase !== undefined){
let data9 = data7.phase;
const _errs23 = errors;
const _errs24 = errors;
let valid5 = false;
const _errs25 = errors;
if(typeof data9 !== "string"){
const err5 = {instancePath:instancePath+"/error/phase",schemaPath:"#/properties/error/anyOf/0/properties/phase/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(((((data9 === "selling") || (data9 === "closed")) || (data9 === "won")) || (data9 === "numbered")) || (data9 === "detail"))){
const err6 = {instancePath:instancePath+"/error/phase",schemaPath:"#/properties/error/anyOf/0/properties/phase/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema35.properties.error.anyOf[0].properties.phase.anyOf[0].enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid1 = _errs25 === errors;
valid5 = valid5 || _valid1;
const _errs27 = errors;
if(data9 !== null){
const err7 = {instancePath:instancePath+"/error/phase",schemaPath:"#/properties/error/anyOf/0/properties/phase/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid1 = _errs27 === errors;
valid5 = valid5 || _valid1;
if(!valid5){
const err8 = {instancePath:instancePath+"/error/phase",schemaPath:"#/properties/error/anyOf/0/properties/phase/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
errors = _errs24;
if(vErrors !== null){
if(_errs24){
vErrors.length = _errs24;
}
else {
vErrors = null;
}
}
}
var valid4 = _errs23 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data7.detail !== undefined){
let data10 = data7.detail;
const _errs29 = errors;
if(errors === _errs29){
if(typeof data10 === "string"){
if(func1(data10) > 2000){
const err9 = {instancePath:instancePath+"/error/detail",schemaPath:"#/properties/error/anyOf/0/properties/detail/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/error/detail",schemaPath:"#/properties/error/anyOf/0/properties/detail/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var valid4 = _errs29 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data7.contract !== undefined){
let data11 = data7.contract;
const _errs31 = errors;
if((typeof data11 !== "string") && (data11 !== null)){
const err11 = {instancePath:instancePath+"/error/contract",schemaPath:"#/properties/error/anyOf/0/properties/contract/type",keyword:"type",params:{type: schema35.properties.error.anyOf[0].properties.contract.type},message:"must be string,null"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(errors === _errs31){
if(typeof data11 === "string"){
if(func1(data11) > 60){
const err12 = {instancePath:instancePath+"/error/contract",schemaPath:"#/properties/error/anyOf/0/properties/contract/maxLength",keyword:"maxLength",params:{limit: 60},message:"must NOT have more than 60 characters"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
else {
if(func1(data11) < 1){
const err13 = {instancePath:instancePath+"/error/contract",schemaPath:"#/properties/error/anyOf/0/properties/contract/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
else {
if(!pattern12.test(data11)){
const err14 = {instancePath:instancePath+"/error/contract",schemaPath:"#/properties/error/anyOf/0/properties/contract/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"},message:"must match pattern \""+"^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"+"\""};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
}
}
var valid4 = _errs31 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data7.missing !== undefined){
let data12 = data7.missing;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data12)){
if(data12.length > 100){
const err15 = {instancePath:instancePath+"/error/missing",schemaPath:"#/properties/error/anyOf/0/properties/missing/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
else {
var valid6 = true;
const len1 = data12.length;
for(let i1=0; i1<len1; i1++){
let data13 = data12[i1];
const _errs35 = errors;
if(errors === _errs35){
if(typeof data13 === "string"){
if(func1(data13) > 200){
const err16 = {instancePath:instancePath+"/error/missing/" + i1,schemaPath:"#/properties/error/anyOf/0/properties/missing/items/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/error/missing/" + i1,schemaPath:"#/properties/error/anyOf/0/properties/missing/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
var valid6 = _errs35 === errors;
if(!valid6){
break;
}
}
}
}
else {
const err18 = {instancePath:instancePath+"/error/missing",schemaPath:"#/properties/error/anyOf/0/properties/missing/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
var valid4 = _errs33 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data7.skeleton !== undefined){
let data14 = data7.skeleton;
const _errs37 = errors;
if((typeof data14 !== "string") && (data14 !== null)){
const err19 = {instancePath:instancePath+"/error/skeleton",schemaPath:"#/properties/error/anyOf/0/properties/skeleton/type",keyword:"type",params:{type: schema35.properties.error.anyOf[0].properties.skeleton.type},message:"must be string,null"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(errors === _errs37){
if(typeof data14 === "string"){
if(func1(data14) > 60000){
const err20 = {instancePath:instancePath+"/error/skeleton",schemaPath:"#/properties/error/anyOf/0/properties/skeleton/maxLength",keyword:"maxLength",params:{limit: 60000},message:"must NOT have more than 60000 characters"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
var valid4 = _errs37 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
}
}
}
else {
const err21 = {instancePath:instancePath+"/error",schemaPath:"#/properties/error/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
var _valid0 = _errs18 === errors;
valid3 = valid3 || _valid0;
const _errs39 = errors;
if(data7 !== null){
const err22 = {instancePath:instancePath+"/error",schemaPath:"#/properties/error/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
var _valid0 = _errs39 === errors;
valid3 = valid3 || _valid0;
if(!valid3){
const err23 = {instancePath:instancePath+"/error",schemaPath:"#/properties/error/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
validate75.errors = vErrors;
return false;
}
else {
errors = _errs17;
if(vErrors !== null){
if(_errs17){
vErrors.length = _errs17;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.set_aside !== undefined){
let data15 = data.set_aside;
const _errs41 = errors;
if(errors === _errs41){
if(Array.isArray(data15)){
if(data15.length > 1000){
validate75.errors = [{instancePath:instancePath+"/set_aside",schemaPath:"#/properties/set_aside/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items"}];
return false;
}
else {
var valid7 = true;
const len2 = data15.length;
for(let i2=0; i2<len2; i2++){
let data16 = data15[i2];
const _errs43 = errors;
if(errors === _errs43){
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
let missing3;
if(((data16.key === undefined) && (missing3 = "key")) || ((data16.reason === undefined) && (missing3 = "reason"))){
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2,schemaPath:"#/properties/set_aside/items/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs45 = errors;
for(const key3 in data16){
if(!((key3 === "key") || (key3 === "reason"))){
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2,schemaPath:"#/properties/set_aside/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs45 === errors){
if(data16.key !== undefined){
let data17 = data16.key;
const _errs46 = errors;
if(errors === _errs46){
if(typeof data17 === "string"){
if(func1(data17) > 80){
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2+"/key",schemaPath:"#/properties/set_aside/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data17) < 1){
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2+"/key",schemaPath:"#/properties/set_aside/items/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern20.test(data17)){
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2+"/key",schemaPath:"#/properties/set_aside/items/properties/key/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2+"/key",schemaPath:"#/properties/set_aside/items/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid8 = _errs46 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data16.reason !== undefined){
let data18 = data16.reason;
const _errs48 = errors;
if(typeof data18 !== "string"){
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2+"/reason",schemaPath:"#/properties/set_aside/items/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((data18 === "not_found") || (data18 === "error")) || (data18 === "unreadable"))){
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2+"/reason",schemaPath:"#/properties/set_aside/items/properties/reason/enum",keyword:"enum",params:{allowedValues: schema35.properties.set_aside.items.properties.reason.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid8 = _errs48 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
else {
validate75.errors = [{instancePath:instancePath+"/set_aside/" + i2,schemaPath:"#/properties/set_aside/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid7 = _errs43 === errors;
if(!valid7){
break;
}
}
}
}
else {
validate75.errors = [{instancePath:instancePath+"/set_aside",schemaPath:"#/properties/set_aside/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs41 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate75.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate75.errors = vErrors;
return errors === 0;
}
validate75.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const known = validate76;
const schema36 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"known.schema.json","title":"Known","description":"Answer of GET /runs/{id}/known/{phase}: the rows of a list that need not be sent again","type":"object","required":["rows"],"properties":{"rows":{"type":"array","maxItems":200000,"items":{"type":"object","title":"KnownRow","required":["id","auction_id","digest"],"properties":{"id":{"type":"integer","minimum":1,"maximum":9007199254740991},"auction_id":{"description":"Or an order number","type":"string","minLength":1,"maxLength":80},"digest":{"type":"string","minLength":16,"maxLength":16}}}}}};

function validate76(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="known.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate76.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.rows === undefined) && (missing0 = "rows")){
validate76.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.rows !== undefined){
let data0 = data.rows;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
if(data0.length > 200000){
validate76.errors = [{instancePath:instancePath+"/rows",schemaPath:"#/properties/rows/maxItems",keyword:"maxItems",params:{limit: 200000},message:"must NOT have more than 200000 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((((data1.id === undefined) && (missing1 = "id")) || ((data1.auction_id === undefined) && (missing1 = "auction_id"))) || ((data1.digest === undefined) && (missing1 = "digest"))){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0,schemaPath:"#/properties/rows/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
if(data1.id !== undefined){
let data2 = data1.id;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/id",schemaPath:"#/properties/rows/items/properties/id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 9007199254740991 || isNaN(data2)){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/id",schemaPath:"#/properties/rows/items/properties/id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data2 < 1 || isNaN(data2)){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/id",schemaPath:"#/properties/rows/items/properties/id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid2 = _errs5 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.auction_id !== undefined){
let data3 = data1.auction_id;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(func1(data3) > 80){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/auction_id",schemaPath:"#/properties/rows/items/properties/auction_id/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data3) < 1){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/auction_id",schemaPath:"#/properties/rows/items/properties/auction_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/auction_id",schemaPath:"#/properties/rows/items/properties/auction_id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs7 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.digest !== undefined){
let data4 = data1.digest;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data4 === "string"){
if(func1(data4) > 16){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/digest",schemaPath:"#/properties/rows/items/properties/digest/maxLength",keyword:"maxLength",params:{limit: 16},message:"must NOT have more than 16 characters"}];
return false;
}
else {
if(func1(data4) < 16){
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/digest",schemaPath:"#/properties/rows/items/properties/digest/minLength",keyword:"minLength",params:{limit: 16},message:"must NOT have fewer than 16 characters"}];
return false;
}
}
}
else {
validate76.errors = [{instancePath:instancePath+"/rows/" + i0+"/digest",schemaPath:"#/properties/rows/items/properties/digest/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate76.errors = [{instancePath:instancePath+"/rows/" + i0,schemaPath:"#/properties/rows/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate76.errors = [{instancePath:instancePath+"/rows",schemaPath:"#/properties/rows/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
else {
validate76.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate76.errors = vErrors;
return errors === 0;
}
validate76.evaluated = {"props":{"rows":true},"dynamicProps":false,"dynamicItems":false};

export const leftOut = validate56;

export const notice = validate69;

export const outcomeRequest = validate77;
const schema37 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"outcome_request.schema.json","title":"OutcomeRequest","description":"POST /uploads/{id}/outcome: what the store's page answered","type":"object","required":["kind","message","refused"],"properties":{"kind":{"type":"string","enum":["accepted","refused","not_taken","unknown"]},"message":{"type":"string","maxLength":1000},"refused":{"type":"array","maxItems":5000,"items":{"type":"object","title":"RefusedRow","required":["position","reason"],"properties":{"position":{"type":"integer","minimum":1,"maximum":5000},"reason":{"type":"string","minLength":1,"maxLength":500}},"additionalProperties":false}}},"additionalProperties":false};

function validate77(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="outcome_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate77.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.kind === undefined) && (missing0 = "kind")) || ((data.message === undefined) && (missing0 = "message"))) || ((data.refused === undefined) && (missing0 = "refused"))){
validate77.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "message")) || (key0 === "refused"))){
validate77.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.kind !== undefined){
let data0 = data.kind;
const _errs2 = errors;
if(typeof data0 !== "string"){
validate77.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((((data0 === "accepted") || (data0 === "refused")) || (data0 === "not_taken")) || (data0 === "unknown"))){
validate77.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema37.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
let data1 = data.message;
const _errs4 = errors;
if(errors === _errs4){
if(typeof data1 === "string"){
if(func1(data1) > 1000){
validate77.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"}];
return false;
}
}
else {
validate77.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.refused !== undefined){
let data2 = data.refused;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
if(data2.length > 5000){
validate77.errors = [{instancePath:instancePath+"/refused",schemaPath:"#/properties/refused/maxItems",keyword:"maxItems",params:{limit: 5000},message:"must NOT have more than 5000 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs8 = errors;
if(errors === _errs8){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((data3.position === undefined) && (missing1 = "position")) || ((data3.reason === undefined) && (missing1 = "reason"))){
validate77.errors = [{instancePath:instancePath+"/refused/" + i0,schemaPath:"#/properties/refused/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs10 = errors;
for(const key1 in data3){
if(!((key1 === "position") || (key1 === "reason"))){
validate77.errors = [{instancePath:instancePath+"/refused/" + i0,schemaPath:"#/properties/refused/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs10 === errors){
if(data3.position !== undefined){
let data4 = data3.position;
const _errs11 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate77.errors = [{instancePath:instancePath+"/refused/" + i0+"/position",schemaPath:"#/properties/refused/items/properties/position/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 5000 || isNaN(data4)){
validate77.errors = [{instancePath:instancePath+"/refused/" + i0+"/position",schemaPath:"#/properties/refused/items/properties/position/maximum",keyword:"maximum",params:{comparison: "<=", limit: 5000},message:"must be <= 5000"}];
return false;
}
else {
if(data4 < 1 || isNaN(data4)){
validate77.errors = [{instancePath:instancePath+"/refused/" + i0+"/position",schemaPath:"#/properties/refused/items/properties/position/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.reason !== undefined){
let data5 = data3.reason;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(func1(data5) > 500){
validate77.errors = [{instancePath:instancePath+"/refused/" + i0+"/reason",schemaPath:"#/properties/refused/items/properties/reason/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
else {
if(func1(data5) < 1){
validate77.errors = [{instancePath:instancePath+"/refused/" + i0+"/reason",schemaPath:"#/properties/refused/items/properties/reason/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate77.errors = [{instancePath:instancePath+"/refused/" + i0+"/reason",schemaPath:"#/properties/refused/items/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs13 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate77.errors = [{instancePath:instancePath+"/refused/" + i0,schemaPath:"#/properties/refused/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs8 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate77.errors = [{instancePath:instancePath+"/refused",schemaPath:"#/properties/refused/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate77.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate77.errors = vErrors;
return errors === 0;
}
validate77.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const page = validate78;
const schema38 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"page.schema.json","title":"Page","description":"POST /runs/{id}/pages: one page as it was read","type":"object","required":["seq","phase","page","contract","observed_at","last_page","listings","orders","details","unchanged","numbers"],"properties":{"seq":{"type":"integer","minimum":1,"maximum":1000000},"phase":{"type":"string","enum":["selling","closed","won","numbered","detail"]},"page":{"type":"integer","minimum":1,"maximum":100000},"contract":{"type":"string","minLength":1,"maxLength":60,"pattern":"^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"},"observed_at":{"type":"string","maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"last_page":{"type":"boolean"},"listings":{"type":"array","maxItems":5000,"items":{"type":"object","title":"Listing","required":["auction_id","management_number","title","current_price","bid_count","ends_at","result"],"properties":{"auction_id":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[A-Za-z0-9]+(?![\\s\\S])"},"management_number":{"type":["string","null"],"minLength":1,"maxLength":100},"title":{"type":"string","maxLength":500},"current_price":{"type":"integer","minimum":0,"maximum":1000000000000},"bid_count":{"type":"integer","minimum":0,"maximum":1000000},"ends_at":{"type":["string","null"],"maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"result":{"type":["string","null"],"minLength":1,"maxLength":100}},"additionalProperties":false}},"orders":{"type":"array","maxItems":5000,"items":{"type":"object","title":"OrderRow","required":["auction_id","management_number","title","winner","amount","won_at","status"],"properties":{"auction_id":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[A-Za-z0-9]+(?![\\s\\S])"},"management_number":{"type":["string","null"],"minLength":1,"maxLength":100},"title":{"type":"string","maxLength":500},"winner":{"type":"string","maxLength":200},"amount":{"type":"integer","minimum":0,"maximum":1000000000000},"won_at":{"type":"string","maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"status":{"type":"string","minLength":1,"maxLength":100}},"additionalProperties":false}},"details":{"type":"array","maxItems":5000,"items":{"type":"object","title":"OrderDetail","required":["auction_id","order_number","status","status_options","ordered_at","items","buyer","shipping_method","payment_method","shipping_fee","total","message"],"properties":{"auction_id":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[A-Za-z0-9]+(?![\\s\\S])"},"order_number":{"type":["string","null"],"minLength":1,"maxLength":100},"status":{"type":"string","minLength":1,"maxLength":100},"status_options":{"type":"array","maxItems":100,"items":{"type":"string","minLength":1,"maxLength":100}},"ordered_at":{"type":["string","null"],"maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"items":{"type":"array","maxItems":500,"items":{"type":"object","title":"OrderItem","required":["auction_id","management_number","title","quantity","unit_price"],"properties":{"auction_id":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[A-Za-z0-9]+(?![\\s\\S])"},"management_number":{"type":["string","null"],"minLength":1,"maxLength":100},"title":{"type":"string","maxLength":500},"quantity":{"type":"integer","minimum":1,"maximum":10000},"unit_price":{"type":"integer","minimum":0,"maximum":1000000000000}},"additionalProperties":false}},"buyer":{"anyOf":[{"type":"object","title":"Buyer","required":["name","kana","postal_code","address","phone"],"properties":{"name":{"type":["string","null"],"minLength":1,"maxLength":200},"kana":{"type":["string","null"],"minLength":1,"maxLength":200},"postal_code":{"type":["string","null"],"minLength":1,"maxLength":20},"address":{"type":["string","null"],"minLength":1,"maxLength":1000},"phone":{"type":["string","null"],"minLength":1,"maxLength":40}},"additionalProperties":false},{"type":"null"}]},"shipping_method":{"type":["string","null"],"minLength":1,"maxLength":300},"payment_method":{"type":["string","null"],"minLength":1,"maxLength":300},"shipping_fee":{"type":["integer","null"],"minimum":0,"maximum":1000000000000},"total":{"type":["integer","null"],"minimum":0,"maximum":1000000000000},"message":{"type":["string","null"],"minLength":1,"maxLength":5000},"winner":{"type":"string","description":"Told where the page was asked for by its winner (wanted_details)","maxLength":200}},"additionalProperties":false}},"unchanged":{"type":"array","description":"Run lengths over the numbers of `known`: so many passed over, so many found as known, and so on, from 1","maxItems":10000,"items":{"type":"integer","minimum":0,"maximum":9007199254740991}},"numbers":{"type":"array","description":"Rows of a list that shows orders by their number","maxItems":5000,"items":{"type":"object","title":"NumberRow","required":["order_number","status"],"properties":{"order_number":{"type":"string","minLength":1,"maxLength":80,"pattern":"^[A-Za-z0-9_-]+(?![\\s\\S])"},"status":{"type":"string","minLength":1,"maxLength":100}},"additionalProperties":false}}},"additionalProperties":false,"allOf":[{"if":{"type":"object","required":["phase"],"properties":{"phase":{"enum":["selling","closed"]}}},"then":{"type":"object","properties":{"orders":{"type":"array","maxItems":0},"details":{"type":"array","maxItems":0},"numbers":{"type":"array","maxItems":0}}}},{"if":{"type":"object","required":["phase"],"properties":{"phase":{"enum":["won"]}}},"then":{"type":"object","properties":{"listings":{"type":"array","maxItems":0},"details":{"type":"array","maxItems":0},"numbers":{"type":"array","maxItems":0}}}},{"if":{"type":"object","required":["phase"],"properties":{"phase":{"enum":["numbered"]}}},"then":{"type":"object","properties":{"listings":{"type":"array","maxItems":0},"orders":{"type":"array","maxItems":0},"details":{"type":"array","maxItems":0}}}},{"if":{"type":"object","required":["phase"],"properties":{"phase":{"enum":["detail"]}}},"then":{"type":"object","properties":{"listings":{"type":"array","maxItems":0},"orders":{"type":"array","maxItems":0},"unchanged":{"type":"array","maxItems":0},"numbers":{"type":"array","maxItems":0}}}}]};
const func69 = Object.prototype.hasOwnProperty;
const pattern23 = new RegExp("^[A-Za-z0-9]+(?![\\s\\S])", "u");
const pattern30 = new RegExp("^[A-Za-z0-9_-]+(?![\\s\\S])", "u");

function validate78(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="page.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate78.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
const _errs2 = errors;
let valid1 = true;
const _errs3 = errors;
if(errors === _errs3){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.phase === undefined) && (missing0 = "phase")){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data.phase !== undefined){
let data0 = data.phase;
if(!((data0 === "selling") || (data0 === "closed"))){
const err1 = {};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
}
else {
const err2 = {};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var _valid0 = _errs3 === errors;
errors = _errs2;
if(vErrors !== null){
if(_errs2){
vErrors.length = _errs2;
}
else {
vErrors = null;
}
}
if(_valid0){
const _errs6 = errors;
if(errors === _errs6){
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.orders !== undefined){
let data1 = data.orders;
const _errs8 = errors;
if(errors === _errs8){
if(Array.isArray(data1)){
if(data1.length > 0){
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/allOf/0/then/properties/orders/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/allOf/0/then/properties/orders/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid3 = _errs8 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.details !== undefined){
let data2 = data.details;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data2)){
if(data2.length > 0){
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/allOf/0/then/properties/details/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/allOf/0/then/properties/details/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid3 = _errs10 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data.numbers !== undefined){
let data3 = data.numbers;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data3)){
if(data3.length > 0){
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/allOf/0/then/properties/numbers/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/allOf/0/then/properties/numbers/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
}
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/allOf/0/then/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var _valid0 = _errs6 === errors;
valid1 = _valid0;
if(valid1){
var props0 = {};
props0.orders = true;
props0.details = true;
props0.numbers = true;
props0.phase = true;
}
}
if(!valid1){
const err3 = {instancePath,schemaPath:"#/allOf/0/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate78.errors = vErrors;
return false;
}
var valid0 = _errs1 === errors;
if(valid0){
const _errs14 = errors;
const _errs15 = errors;
let valid4 = true;
const _errs16 = errors;
if(errors === _errs16){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if((data.phase === undefined) && (missing1 = "phase")){
const err4 = {};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
else {
if(data.phase !== undefined){
if(!(data.phase === "won")){
const err5 = {};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
}
else {
const err6 = {};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var _valid1 = _errs16 === errors;
errors = _errs15;
if(vErrors !== null){
if(_errs15){
vErrors.length = _errs15;
}
else {
vErrors = null;
}
}
if(_valid1){
const _errs19 = errors;
if(errors === _errs19){
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.listings !== undefined){
let data5 = data.listings;
const _errs21 = errors;
if(errors === _errs21){
if(Array.isArray(data5)){
if(data5.length > 0){
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/allOf/1/then/properties/listings/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/allOf/1/then/properties/listings/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid6 = _errs21 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.details !== undefined){
let data6 = data.details;
const _errs23 = errors;
if(errors === _errs23){
if(Array.isArray(data6)){
if(data6.length > 0){
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/allOf/1/then/properties/details/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/allOf/1/then/properties/details/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid6 = _errs23 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data.numbers !== undefined){
let data7 = data.numbers;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data7)){
if(data7.length > 0){
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/allOf/1/then/properties/numbers/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/allOf/1/then/properties/numbers/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid6 = _errs25 === errors;
}
else {
var valid6 = true;
}
}
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/allOf/1/then/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var _valid1 = _errs19 === errors;
valid4 = _valid1;
if(valid4){
var props1 = {};
props1.listings = true;
props1.details = true;
props1.numbers = true;
props1.phase = true;
}
}
if(!valid4){
const err7 = {instancePath,schemaPath:"#/allOf/1/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
validate78.errors = vErrors;
return false;
}
var valid0 = _errs14 === errors;
if(valid0){
if(props0 !== true && props1 !== undefined){
if(props1 === true){
props0 = true;
}
else {
props0 = props0 || {};
Object.assign(props0, props1);
}
}
const _errs27 = errors;
const _errs28 = errors;
let valid7 = true;
const _errs29 = errors;
if(errors === _errs29){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing2;
if((data.phase === undefined) && (missing2 = "phase")){
const err8 = {};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
if(data.phase !== undefined){
if(!(data.phase === "numbered")){
const err9 = {};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
}
else {
const err10 = {};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var _valid2 = _errs29 === errors;
errors = _errs28;
if(vErrors !== null){
if(_errs28){
vErrors.length = _errs28;
}
else {
vErrors = null;
}
}
if(_valid2){
const _errs32 = errors;
if(errors === _errs32){
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.listings !== undefined){
let data9 = data.listings;
const _errs34 = errors;
if(errors === _errs34){
if(Array.isArray(data9)){
if(data9.length > 0){
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/allOf/2/then/properties/listings/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/allOf/2/then/properties/listings/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid9 = _errs34 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data.orders !== undefined){
let data10 = data.orders;
const _errs36 = errors;
if(errors === _errs36){
if(Array.isArray(data10)){
if(data10.length > 0){
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/allOf/2/then/properties/orders/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/allOf/2/then/properties/orders/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid9 = _errs36 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data.details !== undefined){
let data11 = data.details;
const _errs38 = errors;
if(errors === _errs38){
if(Array.isArray(data11)){
if(data11.length > 0){
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/allOf/2/then/properties/details/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/allOf/2/then/properties/details/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid9 = _errs38 === errors;
}
else {
var valid9 = true;
}
}
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/allOf/2/then/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var _valid2 = _errs32 === errors;
valid7 = _valid2;
if(valid7){
var props2 = {};
props2.listings = true;
props2.orders = true;
props2.details = true;
props2.phase = true;
}
}
if(!valid7){
const err11 = {instancePath,schemaPath:"#/allOf/2/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
validate78.errors = vErrors;
return false;
}
var valid0 = _errs27 === errors;
if(valid0){
if(props0 !== true && props2 !== undefined){
if(props2 === true){
props0 = true;
}
else {
props0 = props0 || {};
Object.assign(props0, props2);
}
}
const _errs40 = errors;
const _errs41 = errors;
let valid10 = true;
const _errs42 = errors;
if(errors === _errs42){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing3;
if((data.phase === undefined) && (missing3 = "phase")){
const err12 = {};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
else {
if(data.phase !== undefined){
if(!(data.phase === "detail")){
const err13 = {};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
}
else {
const err14 = {};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
var _valid3 = _errs42 === errors;
errors = _errs41;
if(vErrors !== null){
if(_errs41){
vErrors.length = _errs41;
}
else {
vErrors = null;
}
}
if(_valid3){
const _errs45 = errors;
if(errors === _errs45){
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.listings !== undefined){
let data13 = data.listings;
const _errs47 = errors;
if(errors === _errs47){
if(Array.isArray(data13)){
if(data13.length > 0){
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/allOf/3/then/properties/listings/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/allOf/3/then/properties/listings/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid12 = _errs47 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data.orders !== undefined){
let data14 = data.orders;
const _errs49 = errors;
if(errors === _errs49){
if(Array.isArray(data14)){
if(data14.length > 0){
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/allOf/3/then/properties/orders/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/allOf/3/then/properties/orders/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid12 = _errs49 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data.unchanged !== undefined){
let data15 = data.unchanged;
const _errs51 = errors;
if(errors === _errs51){
if(Array.isArray(data15)){
if(data15.length > 0){
validate78.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/allOf/3/then/properties/unchanged/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/allOf/3/then/properties/unchanged/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid12 = _errs51 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data.numbers !== undefined){
let data16 = data.numbers;
const _errs53 = errors;
if(errors === _errs53){
if(Array.isArray(data16)){
if(data16.length > 0){
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/allOf/3/then/properties/numbers/maxItems",keyword:"maxItems",params:{limit: 0},message:"must NOT have more than 0 items"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/allOf/3/then/properties/numbers/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid12 = _errs53 === errors;
}
else {
var valid12 = true;
}
}
}
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/allOf/3/then/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var _valid3 = _errs45 === errors;
valid10 = _valid3;
if(valid10){
var props3 = {};
props3.listings = true;
props3.orders = true;
props3.unchanged = true;
props3.numbers = true;
props3.phase = true;
}
}
if(!valid10){
const err15 = {instancePath,schemaPath:"#/allOf/3/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
validate78.errors = vErrors;
return false;
}
var valid0 = _errs40 === errors;
if(valid0){
if(props0 !== true && props3 !== undefined){
if(props3 === true){
props0 = true;
}
else {
props0 = props0 || {};
Object.assign(props0, props3);
}
}
}
}
}
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing4;
if((((((((((((data.seq === undefined) && (missing4 = "seq")) || ((data.phase === undefined) && (missing4 = "phase"))) || ((data.page === undefined) && (missing4 = "page"))) || ((data.contract === undefined) && (missing4 = "contract"))) || ((data.observed_at === undefined) && (missing4 = "observed_at"))) || ((data.last_page === undefined) && (missing4 = "last_page"))) || ((data.listings === undefined) && (missing4 = "listings"))) || ((data.orders === undefined) && (missing4 = "orders"))) || ((data.details === undefined) && (missing4 = "details"))) || ((data.unchanged === undefined) && (missing4 = "unchanged"))) || ((data.numbers === undefined) && (missing4 = "numbers"))){
validate78.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs55 = errors;
for(const key0 in data){
if(!(func69.call(schema38.properties, key0))){
validate78.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs55 === errors){
if(data.seq !== undefined){
let data17 = data.seq;
const _errs56 = errors;
if(!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))){
validate78.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs56){
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 > 1000000 || isNaN(data17)){
validate78.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data17 < 1 || isNaN(data17)){
validate78.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid13 = _errs56 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.phase !== undefined){
let data18 = data.phase;
const _errs58 = errors;
if(typeof data18 !== "string"){
validate78.errors = [{instancePath:instancePath+"/phase",schemaPath:"#/properties/phase/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((((data18 === "selling") || (data18 === "closed")) || (data18 === "won")) || (data18 === "numbered")) || (data18 === "detail"))){
validate78.errors = [{instancePath:instancePath+"/phase",schemaPath:"#/properties/phase/enum",keyword:"enum",params:{allowedValues: schema38.properties.phase.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid13 = _errs58 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.page !== undefined){
let data19 = data.page;
const _errs60 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate78.errors = [{instancePath:instancePath+"/page",schemaPath:"#/properties/page/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs60){
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 100000 || isNaN(data19)){
validate78.errors = [{instancePath:instancePath+"/page",schemaPath:"#/properties/page/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100000},message:"must be <= 100000"}];
return false;
}
else {
if(data19 < 1 || isNaN(data19)){
validate78.errors = [{instancePath:instancePath+"/page",schemaPath:"#/properties/page/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid13 = _errs60 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.contract !== undefined){
let data20 = data.contract;
const _errs62 = errors;
if(errors === _errs62){
if(typeof data20 === "string"){
if(func1(data20) > 60){
validate78.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/maxLength",keyword:"maxLength",params:{limit: 60},message:"must NOT have more than 60 characters"}];
return false;
}
else {
if(func1(data20) < 1){
validate78.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern12.test(data20)){
validate78.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"},message:"must match pattern \""+"^[a-z][a-z0-9_]*@[1-9][0-9]*(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid13 = _errs62 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.observed_at !== undefined){
let data21 = data.observed_at;
const _errs64 = errors;
if(errors === _errs64){
if(typeof data21 === "string"){
if(func1(data21) > 27){
validate78.errors = [{instancePath:instancePath+"/observed_at",schemaPath:"#/properties/observed_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data21)){
validate78.errors = [{instancePath:instancePath+"/observed_at",schemaPath:"#/properties/observed_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/observed_at",schemaPath:"#/properties/observed_at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid13 = _errs64 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.last_page !== undefined){
const _errs66 = errors;
if(typeof data.last_page !== "boolean"){
validate78.errors = [{instancePath:instancePath+"/last_page",schemaPath:"#/properties/last_page/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid13 = _errs66 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.listings !== undefined){
let data23 = data.listings;
const _errs68 = errors;
if(errors === _errs68){
if(Array.isArray(data23)){
if(data23.length > 5000){
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/properties/listings/maxItems",keyword:"maxItems",params:{limit: 5000},message:"must NOT have more than 5000 items"}];
return false;
}
else {
var valid14 = true;
const len0 = data23.length;
for(let i0=0; i0<len0; i0++){
let data24 = data23[i0];
const _errs70 = errors;
if(errors === _errs70){
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
let missing5;
if((((((((data24.auction_id === undefined) && (missing5 = "auction_id")) || ((data24.management_number === undefined) && (missing5 = "management_number"))) || ((data24.title === undefined) && (missing5 = "title"))) || ((data24.current_price === undefined) && (missing5 = "current_price"))) || ((data24.bid_count === undefined) && (missing5 = "bid_count"))) || ((data24.ends_at === undefined) && (missing5 = "ends_at"))) || ((data24.result === undefined) && (missing5 = "result"))){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0,schemaPath:"#/properties/listings/items/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"}];
return false;
}
else {
const _errs72 = errors;
for(const key1 in data24){
if(!(((((((key1 === "auction_id") || (key1 === "management_number")) || (key1 === "title")) || (key1 === "current_price")) || (key1 === "bid_count")) || (key1 === "ends_at")) || (key1 === "result"))){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0,schemaPath:"#/properties/listings/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs72 === errors){
if(data24.auction_id !== undefined){
let data25 = data24.auction_id;
const _errs73 = errors;
if(errors === _errs73){
if(typeof data25 === "string"){
if(func1(data25) > 40){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/auction_id",schemaPath:"#/properties/listings/items/properties/auction_id/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
else {
if(func1(data25) < 1){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/auction_id",schemaPath:"#/properties/listings/items/properties/auction_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern23.test(data25)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/auction_id",schemaPath:"#/properties/listings/items/properties/auction_id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/auction_id",schemaPath:"#/properties/listings/items/properties/auction_id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid15 = _errs73 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data24.management_number !== undefined){
let data26 = data24.management_number;
const _errs75 = errors;
if((typeof data26 !== "string") && (data26 !== null)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/management_number",schemaPath:"#/properties/listings/items/properties/management_number/type",keyword:"type",params:{type: schema38.properties.listings.items.properties.management_number.type},message:"must be string,null"}];
return false;
}
if(errors === _errs75){
if(typeof data26 === "string"){
if(func1(data26) > 100){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/management_number",schemaPath:"#/properties/listings/items/properties/management_number/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data26) < 1){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/management_number",schemaPath:"#/properties/listings/items/properties/management_number/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid15 = _errs75 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data24.title !== undefined){
let data27 = data24.title;
const _errs77 = errors;
if(errors === _errs77){
if(typeof data27 === "string"){
if(func1(data27) > 500){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/title",schemaPath:"#/properties/listings/items/properties/title/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/title",schemaPath:"#/properties/listings/items/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid15 = _errs77 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data24.current_price !== undefined){
let data28 = data24.current_price;
const _errs79 = errors;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/current_price",schemaPath:"#/properties/listings/items/properties/current_price/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs79){
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 1000000000000 || isNaN(data28)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/current_price",schemaPath:"#/properties/listings/items/properties/current_price/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000000000},message:"must be <= 1000000000000"}];
return false;
}
else {
if(data28 < 0 || isNaN(data28)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/current_price",schemaPath:"#/properties/listings/items/properties/current_price/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid15 = _errs79 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data24.bid_count !== undefined){
let data29 = data24.bid_count;
const _errs81 = errors;
if(!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/bid_count",schemaPath:"#/properties/listings/items/properties/bid_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs81){
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 > 1000000 || isNaN(data29)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/bid_count",schemaPath:"#/properties/listings/items/properties/bid_count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data29 < 0 || isNaN(data29)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/bid_count",schemaPath:"#/properties/listings/items/properties/bid_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid15 = _errs81 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data24.ends_at !== undefined){
let data30 = data24.ends_at;
const _errs83 = errors;
if((typeof data30 !== "string") && (data30 !== null)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/ends_at",schemaPath:"#/properties/listings/items/properties/ends_at/type",keyword:"type",params:{type: schema38.properties.listings.items.properties.ends_at.type},message:"must be string,null"}];
return false;
}
if(errors === _errs83){
if(typeof data30 === "string"){
if(func1(data30) > 27){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/ends_at",schemaPath:"#/properties/listings/items/properties/ends_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data30)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/ends_at",schemaPath:"#/properties/listings/items/properties/ends_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
var valid15 = _errs83 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data24.result !== undefined){
let data31 = data24.result;
const _errs85 = errors;
if((typeof data31 !== "string") && (data31 !== null)){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/result",schemaPath:"#/properties/listings/items/properties/result/type",keyword:"type",params:{type: schema38.properties.listings.items.properties.result.type},message:"must be string,null"}];
return false;
}
if(errors === _errs85){
if(typeof data31 === "string"){
if(func1(data31) > 100){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/result",schemaPath:"#/properties/listings/items/properties/result/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data31) < 1){
validate78.errors = [{instancePath:instancePath+"/listings/" + i0+"/result",schemaPath:"#/properties/listings/items/properties/result/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid15 = _errs85 === errors;
}
else {
var valid15 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/listings/" + i0,schemaPath:"#/properties/listings/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid14 = _errs70 === errors;
if(!valid14){
break;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/listings",schemaPath:"#/properties/listings/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid13 = _errs68 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.orders !== undefined){
let data32 = data.orders;
const _errs87 = errors;
if(errors === _errs87){
if(Array.isArray(data32)){
if(data32.length > 5000){
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/properties/orders/maxItems",keyword:"maxItems",params:{limit: 5000},message:"must NOT have more than 5000 items"}];
return false;
}
else {
var valid16 = true;
const len1 = data32.length;
for(let i1=0; i1<len1; i1++){
let data33 = data32[i1];
const _errs89 = errors;
if(errors === _errs89){
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
let missing6;
if((((((((data33.auction_id === undefined) && (missing6 = "auction_id")) || ((data33.management_number === undefined) && (missing6 = "management_number"))) || ((data33.title === undefined) && (missing6 = "title"))) || ((data33.winner === undefined) && (missing6 = "winner"))) || ((data33.amount === undefined) && (missing6 = "amount"))) || ((data33.won_at === undefined) && (missing6 = "won_at"))) || ((data33.status === undefined) && (missing6 = "status"))){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1,schemaPath:"#/properties/orders/items/required",keyword:"required",params:{missingProperty: missing6},message:"must have required property '"+missing6+"'"}];
return false;
}
else {
const _errs91 = errors;
for(const key2 in data33){
if(!(((((((key2 === "auction_id") || (key2 === "management_number")) || (key2 === "title")) || (key2 === "winner")) || (key2 === "amount")) || (key2 === "won_at")) || (key2 === "status"))){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1,schemaPath:"#/properties/orders/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs91 === errors){
if(data33.auction_id !== undefined){
let data34 = data33.auction_id;
const _errs92 = errors;
if(errors === _errs92){
if(typeof data34 === "string"){
if(func1(data34) > 40){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/auction_id",schemaPath:"#/properties/orders/items/properties/auction_id/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
else {
if(func1(data34) < 1){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/auction_id",schemaPath:"#/properties/orders/items/properties/auction_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern23.test(data34)){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/auction_id",schemaPath:"#/properties/orders/items/properties/auction_id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/auction_id",schemaPath:"#/properties/orders/items/properties/auction_id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid17 = _errs92 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data33.management_number !== undefined){
let data35 = data33.management_number;
const _errs94 = errors;
if((typeof data35 !== "string") && (data35 !== null)){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/management_number",schemaPath:"#/properties/orders/items/properties/management_number/type",keyword:"type",params:{type: schema38.properties.orders.items.properties.management_number.type},message:"must be string,null"}];
return false;
}
if(errors === _errs94){
if(typeof data35 === "string"){
if(func1(data35) > 100){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/management_number",schemaPath:"#/properties/orders/items/properties/management_number/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data35) < 1){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/management_number",schemaPath:"#/properties/orders/items/properties/management_number/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid17 = _errs94 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data33.title !== undefined){
let data36 = data33.title;
const _errs96 = errors;
if(errors === _errs96){
if(typeof data36 === "string"){
if(func1(data36) > 500){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/title",schemaPath:"#/properties/orders/items/properties/title/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/title",schemaPath:"#/properties/orders/items/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid17 = _errs96 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data33.winner !== undefined){
let data37 = data33.winner;
const _errs98 = errors;
if(errors === _errs98){
if(typeof data37 === "string"){
if(func1(data37) > 200){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/winner",schemaPath:"#/properties/orders/items/properties/winner/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/winner",schemaPath:"#/properties/orders/items/properties/winner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid17 = _errs98 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data33.amount !== undefined){
let data38 = data33.amount;
const _errs100 = errors;
if(!(((typeof data38 == "number") && (!(data38 % 1) && !isNaN(data38))) && (isFinite(data38)))){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/amount",schemaPath:"#/properties/orders/items/properties/amount/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs100){
if((typeof data38 == "number") && (isFinite(data38))){
if(data38 > 1000000000000 || isNaN(data38)){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/amount",schemaPath:"#/properties/orders/items/properties/amount/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000000000},message:"must be <= 1000000000000"}];
return false;
}
else {
if(data38 < 0 || isNaN(data38)){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/amount",schemaPath:"#/properties/orders/items/properties/amount/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid17 = _errs100 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data33.won_at !== undefined){
let data39 = data33.won_at;
const _errs102 = errors;
if(errors === _errs102){
if(typeof data39 === "string"){
if(func1(data39) > 27){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/won_at",schemaPath:"#/properties/orders/items/properties/won_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data39)){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/won_at",schemaPath:"#/properties/orders/items/properties/won_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/won_at",schemaPath:"#/properties/orders/items/properties/won_at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid17 = _errs102 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data33.status !== undefined){
let data40 = data33.status;
const _errs104 = errors;
if(errors === _errs104){
if(typeof data40 === "string"){
if(func1(data40) > 100){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/status",schemaPath:"#/properties/orders/items/properties/status/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data40) < 1){
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/status",schemaPath:"#/properties/orders/items/properties/status/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders/" + i1+"/status",schemaPath:"#/properties/orders/items/properties/status/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid17 = _errs104 === errors;
}
else {
var valid17 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders/" + i1,schemaPath:"#/properties/orders/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid16 = _errs89 === errors;
if(!valid16){
break;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/orders",schemaPath:"#/properties/orders/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid13 = _errs87 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.details !== undefined){
let data41 = data.details;
const _errs106 = errors;
if(errors === _errs106){
if(Array.isArray(data41)){
if(data41.length > 5000){
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/properties/details/maxItems",keyword:"maxItems",params:{limit: 5000},message:"must NOT have more than 5000 items"}];
return false;
}
else {
var valid18 = true;
const len2 = data41.length;
for(let i2=0; i2<len2; i2++){
let data42 = data41[i2];
const _errs108 = errors;
if(errors === _errs108){
if(data42 && typeof data42 == "object" && !Array.isArray(data42)){
let missing7;
if(((((((((((((data42.auction_id === undefined) && (missing7 = "auction_id")) || ((data42.order_number === undefined) && (missing7 = "order_number"))) || ((data42.status === undefined) && (missing7 = "status"))) || ((data42.status_options === undefined) && (missing7 = "status_options"))) || ((data42.ordered_at === undefined) && (missing7 = "ordered_at"))) || ((data42.items === undefined) && (missing7 = "items"))) || ((data42.buyer === undefined) && (missing7 = "buyer"))) || ((data42.shipping_method === undefined) && (missing7 = "shipping_method"))) || ((data42.payment_method === undefined) && (missing7 = "payment_method"))) || ((data42.shipping_fee === undefined) && (missing7 = "shipping_fee"))) || ((data42.total === undefined) && (missing7 = "total"))) || ((data42.message === undefined) && (missing7 = "message"))){
validate78.errors = [{instancePath:instancePath+"/details/" + i2,schemaPath:"#/properties/details/items/required",keyword:"required",params:{missingProperty: missing7},message:"must have required property '"+missing7+"'"}];
return false;
}
else {
const _errs110 = errors;
for(const key3 in data42){
if(!(func69.call(schema38.properties.details.items.properties, key3))){
validate78.errors = [{instancePath:instancePath+"/details/" + i2,schemaPath:"#/properties/details/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs110 === errors){
if(data42.auction_id !== undefined){
let data43 = data42.auction_id;
const _errs111 = errors;
if(errors === _errs111){
if(typeof data43 === "string"){
if(func1(data43) > 40){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/auction_id",schemaPath:"#/properties/details/items/properties/auction_id/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
else {
if(func1(data43) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/auction_id",schemaPath:"#/properties/details/items/properties/auction_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern23.test(data43)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/auction_id",schemaPath:"#/properties/details/items/properties/auction_id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/auction_id",schemaPath:"#/properties/details/items/properties/auction_id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid19 = _errs111 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.order_number !== undefined){
let data44 = data42.order_number;
const _errs113 = errors;
if((typeof data44 !== "string") && (data44 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/order_number",schemaPath:"#/properties/details/items/properties/order_number/type",keyword:"type",params:{type: schema38.properties.details.items.properties.order_number.type},message:"must be string,null"}];
return false;
}
if(errors === _errs113){
if(typeof data44 === "string"){
if(func1(data44) > 100){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/order_number",schemaPath:"#/properties/details/items/properties/order_number/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data44) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/order_number",schemaPath:"#/properties/details/items/properties/order_number/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid19 = _errs113 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.status !== undefined){
let data45 = data42.status;
const _errs115 = errors;
if(errors === _errs115){
if(typeof data45 === "string"){
if(func1(data45) > 100){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status",schemaPath:"#/properties/details/items/properties/status/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data45) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status",schemaPath:"#/properties/details/items/properties/status/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status",schemaPath:"#/properties/details/items/properties/status/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid19 = _errs115 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.status_options !== undefined){
let data46 = data42.status_options;
const _errs117 = errors;
if(errors === _errs117){
if(Array.isArray(data46)){
if(data46.length > 100){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status_options",schemaPath:"#/properties/details/items/properties/status_options/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"}];
return false;
}
else {
var valid20 = true;
const len3 = data46.length;
for(let i3=0; i3<len3; i3++){
let data47 = data46[i3];
const _errs119 = errors;
if(errors === _errs119){
if(typeof data47 === "string"){
if(func1(data47) > 100){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status_options/" + i3,schemaPath:"#/properties/details/items/properties/status_options/items/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data47) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status_options/" + i3,schemaPath:"#/properties/details/items/properties/status_options/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status_options/" + i3,schemaPath:"#/properties/details/items/properties/status_options/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid20 = _errs119 === errors;
if(!valid20){
break;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/status_options",schemaPath:"#/properties/details/items/properties/status_options/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid19 = _errs117 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.ordered_at !== undefined){
let data48 = data42.ordered_at;
const _errs121 = errors;
if((typeof data48 !== "string") && (data48 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/ordered_at",schemaPath:"#/properties/details/items/properties/ordered_at/type",keyword:"type",params:{type: schema38.properties.details.items.properties.ordered_at.type},message:"must be string,null"}];
return false;
}
if(errors === _errs121){
if(typeof data48 === "string"){
if(func1(data48) > 27){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/ordered_at",schemaPath:"#/properties/details/items/properties/ordered_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data48)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/ordered_at",schemaPath:"#/properties/details/items/properties/ordered_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
var valid19 = _errs121 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.items !== undefined){
let data49 = data42.items;
const _errs123 = errors;
if(errors === _errs123){
if(Array.isArray(data49)){
if(data49.length > 500){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items",schemaPath:"#/properties/details/items/properties/items/maxItems",keyword:"maxItems",params:{limit: 500},message:"must NOT have more than 500 items"}];
return false;
}
else {
var valid21 = true;
const len4 = data49.length;
for(let i4=0; i4<len4; i4++){
let data50 = data49[i4];
const _errs125 = errors;
if(errors === _errs125){
if(data50 && typeof data50 == "object" && !Array.isArray(data50)){
let missing8;
if((((((data50.auction_id === undefined) && (missing8 = "auction_id")) || ((data50.management_number === undefined) && (missing8 = "management_number"))) || ((data50.title === undefined) && (missing8 = "title"))) || ((data50.quantity === undefined) && (missing8 = "quantity"))) || ((data50.unit_price === undefined) && (missing8 = "unit_price"))){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4,schemaPath:"#/properties/details/items/properties/items/items/required",keyword:"required",params:{missingProperty: missing8},message:"must have required property '"+missing8+"'"}];
return false;
}
else {
const _errs127 = errors;
for(const key4 in data50){
if(!(((((key4 === "auction_id") || (key4 === "management_number")) || (key4 === "title")) || (key4 === "quantity")) || (key4 === "unit_price"))){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4,schemaPath:"#/properties/details/items/properties/items/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs127 === errors){
if(data50.auction_id !== undefined){
let data51 = data50.auction_id;
const _errs128 = errors;
if(errors === _errs128){
if(typeof data51 === "string"){
if(func1(data51) > 40){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/auction_id",schemaPath:"#/properties/details/items/properties/items/items/properties/auction_id/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
else {
if(func1(data51) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/auction_id",schemaPath:"#/properties/details/items/properties/items/items/properties/auction_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern23.test(data51)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/auction_id",schemaPath:"#/properties/details/items/properties/items/items/properties/auction_id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/auction_id",schemaPath:"#/properties/details/items/properties/items/items/properties/auction_id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid22 = _errs128 === errors;
}
else {
var valid22 = true;
}
if(valid22){
if(data50.management_number !== undefined){
let data52 = data50.management_number;
const _errs130 = errors;
if((typeof data52 !== "string") && (data52 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/management_number",schemaPath:"#/properties/details/items/properties/items/items/properties/management_number/type",keyword:"type",params:{type: schema38.properties.details.items.properties.items.items.properties.management_number.type},message:"must be string,null"}];
return false;
}
if(errors === _errs130){
if(typeof data52 === "string"){
if(func1(data52) > 100){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/management_number",schemaPath:"#/properties/details/items/properties/items/items/properties/management_number/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data52) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/management_number",schemaPath:"#/properties/details/items/properties/items/items/properties/management_number/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid22 = _errs130 === errors;
}
else {
var valid22 = true;
}
if(valid22){
if(data50.title !== undefined){
let data53 = data50.title;
const _errs132 = errors;
if(errors === _errs132){
if(typeof data53 === "string"){
if(func1(data53) > 500){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/title",schemaPath:"#/properties/details/items/properties/items/items/properties/title/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/title",schemaPath:"#/properties/details/items/properties/items/items/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid22 = _errs132 === errors;
}
else {
var valid22 = true;
}
if(valid22){
if(data50.quantity !== undefined){
let data54 = data50.quantity;
const _errs134 = errors;
if(!(((typeof data54 == "number") && (!(data54 % 1) && !isNaN(data54))) && (isFinite(data54)))){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/quantity",schemaPath:"#/properties/details/items/properties/items/items/properties/quantity/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs134){
if((typeof data54 == "number") && (isFinite(data54))){
if(data54 > 10000 || isNaN(data54)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/quantity",schemaPath:"#/properties/details/items/properties/items/items/properties/quantity/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000"}];
return false;
}
else {
if(data54 < 1 || isNaN(data54)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/quantity",schemaPath:"#/properties/details/items/properties/items/items/properties/quantity/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid22 = _errs134 === errors;
}
else {
var valid22 = true;
}
if(valid22){
if(data50.unit_price !== undefined){
let data55 = data50.unit_price;
const _errs136 = errors;
if(!(((typeof data55 == "number") && (!(data55 % 1) && !isNaN(data55))) && (isFinite(data55)))){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/unit_price",schemaPath:"#/properties/details/items/properties/items/items/properties/unit_price/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs136){
if((typeof data55 == "number") && (isFinite(data55))){
if(data55 > 1000000000000 || isNaN(data55)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/unit_price",schemaPath:"#/properties/details/items/properties/items/items/properties/unit_price/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000000000},message:"must be <= 1000000000000"}];
return false;
}
else {
if(data55 < 0 || isNaN(data55)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4+"/unit_price",schemaPath:"#/properties/details/items/properties/items/items/properties/unit_price/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid22 = _errs136 === errors;
}
else {
var valid22 = true;
}
}
}
}
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items/" + i4,schemaPath:"#/properties/details/items/properties/items/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid21 = _errs125 === errors;
if(!valid21){
break;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/items",schemaPath:"#/properties/details/items/properties/items/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid19 = _errs123 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.buyer !== undefined){
let data56 = data42.buyer;
const _errs138 = errors;
const _errs139 = errors;
let valid23 = false;
const _errs140 = errors;
if(errors === _errs140){
if(data56 && typeof data56 == "object" && !Array.isArray(data56)){
let missing9;
if((((((data56.name === undefined) && (missing9 = "name")) || ((data56.kana === undefined) && (missing9 = "kana"))) || ((data56.postal_code === undefined) && (missing9 = "postal_code"))) || ((data56.address === undefined) && (missing9 = "address"))) || ((data56.phone === undefined) && (missing9 = "phone"))){
const err16 = {instancePath:instancePath+"/details/" + i2+"/buyer",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/required",keyword:"required",params:{missingProperty: missing9},message:"must have required property '"+missing9+"'"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
else {
const _errs142 = errors;
for(const key5 in data56){
if(!(((((key5 === "name") || (key5 === "kana")) || (key5 === "postal_code")) || (key5 === "address")) || (key5 === "phone"))){
const err17 = {instancePath:instancePath+"/details/" + i2+"/buyer",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
break;
}
}
if(_errs142 === errors){
if(data56.name !== undefined){
let data57 = data56.name;
const _errs143 = errors;
if((typeof data57 !== "string") && (data57 !== null)){
const err18 = {instancePath:instancePath+"/details/" + i2+"/buyer/name",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/name/type",keyword:"type",params:{type: schema38.properties.details.items.properties.buyer.anyOf[0].properties.name.type},message:"must be string,null"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(errors === _errs143){
if(typeof data57 === "string"){
if(func1(data57) > 200){
const err19 = {instancePath:instancePath+"/details/" + i2+"/buyer/name",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/name/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
else {
if(func1(data57) < 1){
const err20 = {instancePath:instancePath+"/details/" + i2+"/buyer/name",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
}
var valid24 = _errs143 === errors;
}
else {
var valid24 = true;
}
if(valid24){
if(data56.kana !== undefined){
let data58 = data56.kana;
const _errs145 = errors;
if((typeof data58 !== "string") && (data58 !== null)){
const err21 = {instancePath:instancePath+"/details/" + i2+"/buyer/kana",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/kana/type",keyword:"type",params:{type: schema38.properties.details.items.properties.buyer.anyOf[0].properties.kana.type},message:"must be string,null"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(errors === _errs145){
if(typeof data58 === "string"){
if(func1(data58) > 200){
const err22 = {instancePath:instancePath+"/details/" + i2+"/buyer/kana",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/kana/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
else {
if(func1(data58) < 1){
const err23 = {instancePath:instancePath+"/details/" + i2+"/buyer/kana",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/kana/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
}
var valid24 = _errs145 === errors;
}
else {
var valid24 = true;
}
if(valid24){
if(data56.postal_code !== undefined){
let data59 = data56.postal_code;
const _errs147 = errors;
if((typeof data59 !== "string") && (data59 !== null)){
const err24 = {instancePath:instancePath+"/details/" + i2+"/buyer/postal_code",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/postal_code/type",keyword:"type",params:{type: schema38.properties.details.items.properties.buyer.anyOf[0].properties.postal_code.type},message:"must be string,null"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(errors === _errs147){
if(typeof data59 === "string"){
if(func1(data59) > 20){
const err25 = {instancePath:instancePath+"/details/" + i2+"/buyer/postal_code",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/postal_code/maxLength",keyword:"maxLength",params:{limit: 20},message:"must NOT have more than 20 characters"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
else {
if(func1(data59) < 1){
const err26 = {instancePath:instancePath+"/details/" + i2+"/buyer/postal_code",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/postal_code/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
}
var valid24 = _errs147 === errors;
}
else {
var valid24 = true;
}
if(valid24){
if(data56.address !== undefined){
let data60 = data56.address;
const _errs149 = errors;
if((typeof data60 !== "string") && (data60 !== null)){
const err27 = {instancePath:instancePath+"/details/" + i2+"/buyer/address",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/address/type",keyword:"type",params:{type: schema38.properties.details.items.properties.buyer.anyOf[0].properties.address.type},message:"must be string,null"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(errors === _errs149){
if(typeof data60 === "string"){
if(func1(data60) > 1000){
const err28 = {instancePath:instancePath+"/details/" + i2+"/buyer/address",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/address/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
else {
if(func1(data60) < 1){
const err29 = {instancePath:instancePath+"/details/" + i2+"/buyer/address",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/address/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
}
var valid24 = _errs149 === errors;
}
else {
var valid24 = true;
}
if(valid24){
if(data56.phone !== undefined){
let data61 = data56.phone;
const _errs151 = errors;
if((typeof data61 !== "string") && (data61 !== null)){
const err30 = {instancePath:instancePath+"/details/" + i2+"/buyer/phone",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/phone/type",keyword:"type",params:{type: schema38.properties.details.items.properties.buyer.anyOf[0].properties.phone.type},message:"must be string,null"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(errors === _errs151){
if(typeof data61 === "string"){
if(func1(data61) > 40){
const err31 = {instancePath:instancePath+"/details/" + i2+"/buyer/phone",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/phone/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
else {
if(func1(data61) < 1){
const err32 = {instancePath:instancePath+"/details/" + i2+"/buyer/phone",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/properties/phone/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
}
var valid24 = _errs151 === errors;
}
else {
var valid24 = true;
}
}
}
}
}
}
}
}
else {
const err33 = {instancePath:instancePath+"/details/" + i2+"/buyer",schemaPath:"#/properties/details/items/properties/buyer/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
var _valid4 = _errs140 === errors;
valid23 = valid23 || _valid4;
const _errs153 = errors;
if(data56 !== null){
const err34 = {instancePath:instancePath+"/details/" + i2+"/buyer",schemaPath:"#/properties/details/items/properties/buyer/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
var _valid4 = _errs153 === errors;
valid23 = valid23 || _valid4;
if(!valid23){
const err35 = {instancePath:instancePath+"/details/" + i2+"/buyer",schemaPath:"#/properties/details/items/properties/buyer/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
validate78.errors = vErrors;
return false;
}
else {
errors = _errs139;
if(vErrors !== null){
if(_errs139){
vErrors.length = _errs139;
}
else {
vErrors = null;
}
}
}
var valid19 = _errs138 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.shipping_method !== undefined){
let data62 = data42.shipping_method;
const _errs155 = errors;
if((typeof data62 !== "string") && (data62 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/shipping_method",schemaPath:"#/properties/details/items/properties/shipping_method/type",keyword:"type",params:{type: schema38.properties.details.items.properties.shipping_method.type},message:"must be string,null"}];
return false;
}
if(errors === _errs155){
if(typeof data62 === "string"){
if(func1(data62) > 300){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/shipping_method",schemaPath:"#/properties/details/items/properties/shipping_method/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
else {
if(func1(data62) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/shipping_method",schemaPath:"#/properties/details/items/properties/shipping_method/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid19 = _errs155 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.payment_method !== undefined){
let data63 = data42.payment_method;
const _errs157 = errors;
if((typeof data63 !== "string") && (data63 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/payment_method",schemaPath:"#/properties/details/items/properties/payment_method/type",keyword:"type",params:{type: schema38.properties.details.items.properties.payment_method.type},message:"must be string,null"}];
return false;
}
if(errors === _errs157){
if(typeof data63 === "string"){
if(func1(data63) > 300){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/payment_method",schemaPath:"#/properties/details/items/properties/payment_method/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
else {
if(func1(data63) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/payment_method",schemaPath:"#/properties/details/items/properties/payment_method/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid19 = _errs157 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.shipping_fee !== undefined){
let data64 = data42.shipping_fee;
const _errs159 = errors;
if((!(((typeof data64 == "number") && (!(data64 % 1) && !isNaN(data64))) && (isFinite(data64)))) && (data64 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/shipping_fee",schemaPath:"#/properties/details/items/properties/shipping_fee/type",keyword:"type",params:{type: schema38.properties.details.items.properties.shipping_fee.type},message:"must be integer,null"}];
return false;
}
if(errors === _errs159){
if((typeof data64 == "number") && (isFinite(data64))){
if(data64 > 1000000000000 || isNaN(data64)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/shipping_fee",schemaPath:"#/properties/details/items/properties/shipping_fee/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000000000},message:"must be <= 1000000000000"}];
return false;
}
else {
if(data64 < 0 || isNaN(data64)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/shipping_fee",schemaPath:"#/properties/details/items/properties/shipping_fee/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid19 = _errs159 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.total !== undefined){
let data65 = data42.total;
const _errs161 = errors;
if((!(((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65))) && (isFinite(data65)))) && (data65 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/total",schemaPath:"#/properties/details/items/properties/total/type",keyword:"type",params:{type: schema38.properties.details.items.properties.total.type},message:"must be integer,null"}];
return false;
}
if(errors === _errs161){
if((typeof data65 == "number") && (isFinite(data65))){
if(data65 > 1000000000000 || isNaN(data65)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/total",schemaPath:"#/properties/details/items/properties/total/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000000000},message:"must be <= 1000000000000"}];
return false;
}
else {
if(data65 < 0 || isNaN(data65)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/total",schemaPath:"#/properties/details/items/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid19 = _errs161 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.message !== undefined){
let data66 = data42.message;
const _errs163 = errors;
if((typeof data66 !== "string") && (data66 !== null)){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/message",schemaPath:"#/properties/details/items/properties/message/type",keyword:"type",params:{type: schema38.properties.details.items.properties.message.type},message:"must be string,null"}];
return false;
}
if(errors === _errs163){
if(typeof data66 === "string"){
if(func1(data66) > 5000){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/message",schemaPath:"#/properties/details/items/properties/message/maxLength",keyword:"maxLength",params:{limit: 5000},message:"must NOT have more than 5000 characters"}];
return false;
}
else {
if(func1(data66) < 1){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/message",schemaPath:"#/properties/details/items/properties/message/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
}
var valid19 = _errs163 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data42.winner !== undefined){
let data67 = data42.winner;
const _errs165 = errors;
if(errors === _errs165){
if(typeof data67 === "string"){
if(func1(data67) > 200){
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/winner",schemaPath:"#/properties/details/items/properties/winner/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2+"/winner",schemaPath:"#/properties/details/items/properties/winner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid19 = _errs165 === errors;
}
else {
var valid19 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details/" + i2,schemaPath:"#/properties/details/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid18 = _errs108 === errors;
if(!valid18){
break;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/details",schemaPath:"#/properties/details/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid13 = _errs106 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.unchanged !== undefined){
let data68 = data.unchanged;
const _errs167 = errors;
if(errors === _errs167){
if(Array.isArray(data68)){
if(data68.length > 10000){
validate78.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/properties/unchanged/maxItems",keyword:"maxItems",params:{limit: 10000},message:"must NOT have more than 10000 items"}];
return false;
}
else {
var valid25 = true;
const len5 = data68.length;
for(let i5=0; i5<len5; i5++){
let data69 = data68[i5];
const _errs169 = errors;
if(!(((typeof data69 == "number") && (!(data69 % 1) && !isNaN(data69))) && (isFinite(data69)))){
validate78.errors = [{instancePath:instancePath+"/unchanged/" + i5,schemaPath:"#/properties/unchanged/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs169){
if((typeof data69 == "number") && (isFinite(data69))){
if(data69 > 9007199254740991 || isNaN(data69)){
validate78.errors = [{instancePath:instancePath+"/unchanged/" + i5,schemaPath:"#/properties/unchanged/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data69 < 0 || isNaN(data69)){
validate78.errors = [{instancePath:instancePath+"/unchanged/" + i5,schemaPath:"#/properties/unchanged/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid25 = _errs169 === errors;
if(!valid25){
break;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/properties/unchanged/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid13 = _errs167 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data.numbers !== undefined){
let data70 = data.numbers;
const _errs171 = errors;
if(errors === _errs171){
if(Array.isArray(data70)){
if(data70.length > 5000){
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/properties/numbers/maxItems",keyword:"maxItems",params:{limit: 5000},message:"must NOT have more than 5000 items"}];
return false;
}
else {
var valid26 = true;
const len6 = data70.length;
for(let i6=0; i6<len6; i6++){
let data71 = data70[i6];
const _errs173 = errors;
if(errors === _errs173){
if(data71 && typeof data71 == "object" && !Array.isArray(data71)){
let missing10;
if(((data71.order_number === undefined) && (missing10 = "order_number")) || ((data71.status === undefined) && (missing10 = "status"))){
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6,schemaPath:"#/properties/numbers/items/required",keyword:"required",params:{missingProperty: missing10},message:"must have required property '"+missing10+"'"}];
return false;
}
else {
const _errs175 = errors;
for(const key6 in data71){
if(!((key6 === "order_number") || (key6 === "status"))){
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6,schemaPath:"#/properties/numbers/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs175 === errors){
if(data71.order_number !== undefined){
let data72 = data71.order_number;
const _errs176 = errors;
if(errors === _errs176){
if(typeof data72 === "string"){
if(func1(data72) > 80){
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6+"/order_number",schemaPath:"#/properties/numbers/items/properties/order_number/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data72) < 1){
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6+"/order_number",schemaPath:"#/properties/numbers/items/properties/order_number/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern30.test(data72)){
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6+"/order_number",schemaPath:"#/properties/numbers/items/properties/order_number/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9_-]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6+"/order_number",schemaPath:"#/properties/numbers/items/properties/order_number/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid27 = _errs176 === errors;
}
else {
var valid27 = true;
}
if(valid27){
if(data71.status !== undefined){
let data73 = data71.status;
const _errs178 = errors;
if(errors === _errs178){
if(typeof data73 === "string"){
if(func1(data73) > 100){
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6+"/status",schemaPath:"#/properties/numbers/items/properties/status/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data73) < 1){
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6+"/status",schemaPath:"#/properties/numbers/items/properties/status/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6+"/status",schemaPath:"#/properties/numbers/items/properties/status/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid27 = _errs178 === errors;
}
else {
var valid27 = true;
}
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/numbers/" + i6,schemaPath:"#/properties/numbers/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid26 = _errs173 === errors;
if(!valid26){
break;
}
}
}
}
else {
validate78.errors = [{instancePath:instancePath+"/numbers",schemaPath:"#/properties/numbers/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid13 = _errs171 === errors;
}
else {
var valid13 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate78.errors = vErrors;
return errors === 0;
}
validate78.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const pageAnswer = validate79;
const schema39 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"page_answer.schema.json","title":"PageAnswer","description":"Answer of POST /runs/{id}/pages","type":"object","required":["seq","stored","unchanged","wanted_details","lease_seconds"],"properties":{"seq":{"type":"integer","minimum":1,"maximum":1000000},"stored":{"type":"integer","minimum":0,"maximum":1000000},"unchanged":{"type":"integer","minimum":0,"maximum":1000000},"wanted_details":{"type":"array","maxItems":5000,"items":{"type":"string","minLength":1,"maxLength":80,"pattern":"^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"},"description":"Auction ids, auction/winner where an auction has several winners, or order numbers of a list that shows orders by number"},"lease_seconds":{"type":"integer","minimum":1,"maximum":86400}}};

function validate79(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="page_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate79.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.seq === undefined) && (missing0 = "seq")) || ((data.stored === undefined) && (missing0 = "stored"))) || ((data.unchanged === undefined) && (missing0 = "unchanged"))) || ((data.wanted_details === undefined) && (missing0 = "wanted_details"))) || ((data.lease_seconds === undefined) && (missing0 = "lease_seconds"))){
validate79.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.seq !== undefined){
let data0 = data.seq;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate79.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 1000000 || isNaN(data0)){
validate79.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate79.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stored !== undefined){
let data1 = data.stored;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate79.errors = [{instancePath:instancePath+"/stored",schemaPath:"#/properties/stored/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 1000000 || isNaN(data1)){
validate79.errors = [{instancePath:instancePath+"/stored",schemaPath:"#/properties/stored/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data1 < 0 || isNaN(data1)){
validate79.errors = [{instancePath:instancePath+"/stored",schemaPath:"#/properties/stored/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.unchanged !== undefined){
let data2 = data.unchanged;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate79.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/properties/unchanged/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 1000000 || isNaN(data2)){
validate79.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/properties/unchanged/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"}];
return false;
}
else {
if(data2 < 0 || isNaN(data2)){
validate79.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/properties/unchanged/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.wanted_details !== undefined){
let data3 = data.wanted_details;
const _errs7 = errors;
if(errors === _errs7){
if(Array.isArray(data3)){
if(data3.length > 5000){
validate79.errors = [{instancePath:instancePath+"/wanted_details",schemaPath:"#/properties/wanted_details/maxItems",keyword:"maxItems",params:{limit: 5000},message:"must NOT have more than 5000 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
const _errs9 = errors;
if(errors === _errs9){
if(typeof data4 === "string"){
if(func1(data4) > 80){
validate79.errors = [{instancePath:instancePath+"/wanted_details/" + i0,schemaPath:"#/properties/wanted_details/items/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data4) < 1){
validate79.errors = [{instancePath:instancePath+"/wanted_details/" + i0,schemaPath:"#/properties/wanted_details/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern20.test(data4)){
validate79.errors = [{instancePath:instancePath+"/wanted_details/" + i0,schemaPath:"#/properties/wanted_details/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/wanted_details/" + i0,schemaPath:"#/properties/wanted_details/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs9 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/wanted_details",schemaPath:"#/properties/wanted_details/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.lease_seconds !== undefined){
let data5 = data.lease_seconds;
const _errs11 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate79.errors = [{instancePath:instancePath+"/lease_seconds",schemaPath:"#/properties/lease_seconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 86400 || isNaN(data5)){
validate79.errors = [{instancePath:instancePath+"/lease_seconds",schemaPath:"#/properties/lease_seconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"}];
return false;
}
else {
if(data5 < 1 || isNaN(data5)){
validate79.errors = [{instancePath:instancePath+"/lease_seconds",schemaPath:"#/properties/lease_seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate79.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate79.errors = vErrors;
return errors === 0;
}
validate79.evaluated = {"props":{"seq":true,"stored":true,"unchanged":true,"wanted_details":true,"lease_seconds":true},"dynamicProps":false,"dynamicItems":false};

export const paired = validate80;
const schema40 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"paired.schema.json","title":"Paired","description":"The device is paired; the token is shown once.","type":"object","required":["status","device_token","device_id","tenant_name"],"properties":{"status":{"const":"paired"},"device_token":{"type":"string","minLength":20,"maxLength":400,"pattern":"^[\\x21-\\x7e]+(?![\\s\\S])"},"device_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"tenant_name":{"type":"string","maxLength":200}}};
const pattern32 = new RegExp("^[\\x21-\\x7e]+(?![\\s\\S])", "u");

function validate80(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="paired.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate80.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.status === undefined) && (missing0 = "status")) || ((data.device_token === undefined) && (missing0 = "device_token"))) || ((data.device_id === undefined) && (missing0 = "device_id"))) || ((data.tenant_name === undefined) && (missing0 = "tenant_name"))){
validate80.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.status !== undefined){
const _errs1 = errors;
if("paired" !== data.status){
validate80.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/const",keyword:"const",params:{allowedValue: "paired"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device_token !== undefined){
let data1 = data.device_token;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data1 === "string"){
if(func1(data1) > 400){
validate80.errors = [{instancePath:instancePath+"/device_token",schemaPath:"#/properties/device_token/maxLength",keyword:"maxLength",params:{limit: 400},message:"must NOT have more than 400 characters"}];
return false;
}
else {
if(func1(data1) < 20){
validate80.errors = [{instancePath:instancePath+"/device_token",schemaPath:"#/properties/device_token/minLength",keyword:"minLength",params:{limit: 20},message:"must NOT have fewer than 20 characters"}];
return false;
}
else {
if(!pattern32.test(data1)){
validate80.errors = [{instancePath:instancePath+"/device_token",schemaPath:"#/properties/device_token/pattern",keyword:"pattern",params:{pattern: "^[\\x21-\\x7e]+(?![\\s\\S])"},message:"must match pattern \""+"^[\\x21-\\x7e]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate80.errors = [{instancePath:instancePath+"/device_token",schemaPath:"#/properties/device_token/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device_id !== undefined){
let data2 = data.device_id;
const _errs4 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate80.errors = [{instancePath:instancePath+"/device_id",schemaPath:"#/properties/device_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs4){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 9007199254740991 || isNaN(data2)){
validate80.errors = [{instancePath:instancePath+"/device_id",schemaPath:"#/properties/device_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data2 < 1 || isNaN(data2)){
validate80.errors = [{instancePath:instancePath+"/device_id",schemaPath:"#/properties/device_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tenant_name !== undefined){
let data3 = data.tenant_name;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data3 === "string"){
if(func1(data3) > 200){
validate80.errors = [{instancePath:instancePath+"/tenant_name",schemaPath:"#/properties/tenant_name/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"}];
return false;
}
}
else {
validate80.errors = [{instancePath:instancePath+"/tenant_name",schemaPath:"#/properties/tenant_name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate80.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate80.errors = vErrors;
return errors === 0;
}
validate80.evaluated = {"props":{"status":true,"device_token":true,"device_id":true,"tenant_name":true},"dynamicProps":false,"dynamicItems":false};

export const pairingAnswer = validate81;
const schema41 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"pairing_answer.schema.json","title":"PairingAnswer","description":"Answer of POST /pairings","oneOf":[{"$ref":"paired.schema.json"},{"type":"object","title":"PairingPending","required":["status","device_code","user_code","verification_uri","interval","expires_in"],"properties":{"status":{"const":"pending"},"device_code":{"type":"string","minLength":20,"maxLength":400,"pattern":"^[\\x21-\\x7e]+(?![\\s\\S])"},"user_code":{"type":"string","minLength":4,"maxLength":20},"verification_uri":{"type":"string","minLength":1,"maxLength":2000,"pattern":"^https?://[\\x21-\\x7e]+(?![\\s\\S])"},"interval":{"type":"integer","minimum":1,"maximum":60},"expires_in":{"type":"integer","minimum":1,"maximum":86400}}}]};

function validate81(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="pairing_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate81.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(!(validate80(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate80.errors : vErrors.concat(validate80.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = {};
props0.status = true;
props0.device_token = true;
props0.device_id = true;
props0.tenant_name = true;
}
const _errs2 = errors;
if(errors === _errs2){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.status === undefined) && (missing0 = "status")) || ((data.device_code === undefined) && (missing0 = "device_code"))) || ((data.user_code === undefined) && (missing0 = "user_code"))) || ((data.verification_uri === undefined) && (missing0 = "verification_uri"))) || ((data.interval === undefined) && (missing0 = "interval"))) || ((data.expires_in === undefined) && (missing0 = "expires_in"))){
const err0 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data.status !== undefined){
const _errs4 = errors;
if("pending" !== data.status){
const err1 = {instancePath:instancePath+"/status",schemaPath:"#/oneOf/1/properties/status/const",keyword:"const",params:{allowedValue: "pending"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var valid1 = _errs4 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.device_code !== undefined){
let data1 = data.device_code;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(func1(data1) > 400){
const err2 = {instancePath:instancePath+"/device_code",schemaPath:"#/oneOf/1/properties/device_code/maxLength",keyword:"maxLength",params:{limit: 400},message:"must NOT have more than 400 characters"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
if(func1(data1) < 20){
const err3 = {instancePath:instancePath+"/device_code",schemaPath:"#/oneOf/1/properties/device_code/minLength",keyword:"minLength",params:{limit: 20},message:"must NOT have fewer than 20 characters"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
else {
if(!pattern32.test(data1)){
const err4 = {instancePath:instancePath+"/device_code",schemaPath:"#/oneOf/1/properties/device_code/pattern",keyword:"pattern",params:{pattern: "^[\\x21-\\x7e]+(?![\\s\\S])"},message:"must match pattern \""+"^[\\x21-\\x7e]+(?![\\s\\S])"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
}
else {
const err5 = {instancePath:instancePath+"/device_code",schemaPath:"#/oneOf/1/properties/device_code/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.user_code !== undefined){
let data2 = data.user_code;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(func1(data2) > 20){
const err6 = {instancePath:instancePath+"/user_code",schemaPath:"#/oneOf/1/properties/user_code/maxLength",keyword:"maxLength",params:{limit: 20},message:"must NOT have more than 20 characters"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
else {
if(func1(data2) < 4){
const err7 = {instancePath:instancePath+"/user_code",schemaPath:"#/oneOf/1/properties/user_code/minLength",keyword:"minLength",params:{limit: 4},message:"must NOT have fewer than 4 characters"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath:instancePath+"/user_code",schemaPath:"#/oneOf/1/properties/user_code/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.verification_uri !== undefined){
let data3 = data.verification_uri;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(func1(data3) > 2000){
const err9 = {instancePath:instancePath+"/verification_uri",schemaPath:"#/oneOf/1/properties/verification_uri/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
else {
if(func1(data3) < 1){
const err10 = {instancePath:instancePath+"/verification_uri",schemaPath:"#/oneOf/1/properties/verification_uri/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
if(!pattern15.test(data3)){
const err11 = {instancePath:instancePath+"/verification_uri",schemaPath:"#/oneOf/1/properties/verification_uri/pattern",keyword:"pattern",params:{pattern: "^https?://[\\x21-\\x7e]+(?![\\s\\S])"},message:"must match pattern \""+"^https?://[\\x21-\\x7e]+(?![\\s\\S])"+"\""};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
}
else {
const err12 = {instancePath:instancePath+"/verification_uri",schemaPath:"#/oneOf/1/properties/verification_uri/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.interval !== undefined){
let data4 = data.interval;
const _errs11 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err13 = {instancePath:instancePath+"/interval",schemaPath:"#/oneOf/1/properties/interval/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(errors === _errs11){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 60 || isNaN(data4)){
const err14 = {instancePath:instancePath+"/interval",schemaPath:"#/oneOf/1/properties/interval/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60},message:"must be <= 60"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
else {
if(data4 < 1 || isNaN(data4)){
const err15 = {instancePath:instancePath+"/interval",schemaPath:"#/oneOf/1/properties/interval/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
}
var valid1 = _errs11 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.expires_in !== undefined){
let data5 = data.expires_in;
const _errs13 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err16 = {instancePath:instancePath+"/expires_in",schemaPath:"#/oneOf/1/properties/expires_in/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(errors === _errs13){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 86400 || isNaN(data5)){
const err17 = {instancePath:instancePath+"/expires_in",schemaPath:"#/oneOf/1/properties/expires_in/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
else {
if(data5 < 1 || isNaN(data5)){
const err18 = {instancePath:instancePath+"/expires_in",schemaPath:"#/oneOf/1/properties/expires_in/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
}
var valid1 = _errs13 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
else {
const err19 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = props0 || {};
props0.status = true;
props0.device_code = true;
props0.user_code = true;
props0.verification_uri = true;
props0.interval = true;
props0.expires_in = true;
}
}
}
if(!valid0){
const err20 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
validate81.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate81.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate81.evaluated = {"dynamicProps":true,"dynamicItems":false};

export const pairingPollAnswer = validate83;
const schema42 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"pairing_poll_answer.schema.json","title":"PairingPollAnswer","description":"Answer of POST /pairings/poll","oneOf":[{"$ref":"paired.schema.json"},{"type":"object","title":"NotPairedYet","required":["status"],"properties":{"status":{"enum":["pending","denied","expired"]}}}]};

function validate83(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="pairing_poll_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate83.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(!(validate80(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate80.errors : vErrors.concat(validate80.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = {};
props0.status = true;
props0.device_token = true;
props0.device_id = true;
props0.tenant_name = true;
}
const _errs2 = errors;
if(errors === _errs2){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.status === undefined) && (missing0 = "status")){
const err0 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data.status !== undefined){
let data0 = data.status;
if(!(((data0 === "pending") || (data0 === "denied")) || (data0 === "expired"))){
const err1 = {instancePath:instancePath+"/status",schemaPath:"#/oneOf/1/properties/status/enum",keyword:"enum",params:{allowedValues: schema42.oneOf[1].properties.status.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = props0 || {};
props0.status = true;
}
}
}
if(!valid0){
const err3 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate83.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate83.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate83.evaluated = {"dynamicProps":true,"dynamicItems":false};

export const pairingPollRequest = validate85;
const schema43 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"pairing_poll_request.schema.json","title":"PairingPollRequest","description":"POST /pairings/poll","type":"object","required":["device_code"],"properties":{"device_code":{"type":"string","minLength":20,"maxLength":400,"pattern":"^[\\x21-\\x7e]+(?![\\s\\S])"}},"additionalProperties":false};

function validate85(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="pairing_poll_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate85.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.device_code === undefined) && (missing0 = "device_code")){
validate85.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(key0 === "device_code")){
validate85.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.device_code !== undefined){
let data0 = data.device_code;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(func1(data0) > 400){
validate85.errors = [{instancePath:instancePath+"/device_code",schemaPath:"#/properties/device_code/maxLength",keyword:"maxLength",params:{limit: 400},message:"must NOT have more than 400 characters"}];
return false;
}
else {
if(func1(data0) < 20){
validate85.errors = [{instancePath:instancePath+"/device_code",schemaPath:"#/properties/device_code/minLength",keyword:"minLength",params:{limit: 20},message:"must NOT have fewer than 20 characters"}];
return false;
}
else {
if(!pattern32.test(data0)){
validate85.errors = [{instancePath:instancePath+"/device_code",schemaPath:"#/properties/device_code/pattern",keyword:"pattern",params:{pattern: "^[\\x21-\\x7e]+(?![\\s\\S])"},message:"must match pattern \""+"^[\\x21-\\x7e]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate85.errors = [{instancePath:instancePath+"/device_code",schemaPath:"#/properties/device_code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
}
}
}
else {
validate85.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate85.errors = vErrors;
return errors === 0;
}
validate85.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const pairingRequest = validate86;
const schema44 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"pairing_request.schema.json","title":"PairingRequest","description":"POST /pairings","type":"object","required":["device_name","extension_version","browser"],"properties":{"device_name":{"type":"string","minLength":1,"maxLength":100},"extension_version":{"type":"string","minLength":1,"maxLength":40},"browser":{"type":"string","maxLength":200}},"additionalProperties":false};

function validate86(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="pairing_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate86.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.device_name === undefined) && (missing0 = "device_name")) || ((data.extension_version === undefined) && (missing0 = "extension_version"))) || ((data.browser === undefined) && (missing0 = "browser"))){
validate86.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "device_name") || (key0 === "extension_version")) || (key0 === "browser"))){
validate86.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.device_name !== undefined){
let data0 = data.device_name;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(func1(data0) > 100){
validate86.errors = [{instancePath:instancePath+"/device_name",schemaPath:"#/properties/device_name/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data0) < 1){
validate86.errors = [{instancePath:instancePath+"/device_name",schemaPath:"#/properties/device_name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate86.errors = [{instancePath:instancePath+"/device_name",schemaPath:"#/properties/device_name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.extension_version !== undefined){
let data1 = data.extension_version;
const _errs4 = errors;
if(errors === _errs4){
if(typeof data1 === "string"){
if(func1(data1) > 40){
validate86.errors = [{instancePath:instancePath+"/extension_version",schemaPath:"#/properties/extension_version/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"}];
return false;
}
else {
if(func1(data1) < 1){
validate86.errors = [{instancePath:instancePath+"/extension_version",schemaPath:"#/properties/extension_version/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate86.errors = [{instancePath:instancePath+"/extension_version",schemaPath:"#/properties/extension_version/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.browser !== undefined){
let data2 = data.browser;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data2 === "string"){
if(func1(data2) > 200){
validate86.errors = [{instancePath:instancePath+"/browser",schemaPath:"#/properties/browser/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"}];
return false;
}
}
else {
validate86.errors = [{instancePath:instancePath+"/browser",schemaPath:"#/properties/browser/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate86.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate86.errors = vErrors;
return errors === 0;
}
validate86.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const planRequest = validate87;
const schema45 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"plan_request.schema.json","title":"PlanRequest","description":"POST /accounts/{id}/plan: when this PC reads the account next; null: by hand only","type":"object","required":["next_at"],"properties":{"next_at":{"type":["string","null"],"maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"}},"additionalProperties":false};

function validate87(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="plan_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate87.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.next_at === undefined) && (missing0 = "next_at")){
validate87.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(key0 === "next_at")){
validate87.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.next_at !== undefined){
let data0 = data.next_at;
const _errs2 = errors;
if((typeof data0 !== "string") && (data0 !== null)){
validate87.errors = [{instancePath:instancePath+"/next_at",schemaPath:"#/properties/next_at/type",keyword:"type",params:{type: schema45.properties.next_at.type},message:"must be string,null"}];
return false;
}
if(errors === _errs2){
if(typeof data0 === "string"){
if(func1(data0) > 27){
validate87.errors = [{instancePath:instancePath+"/next_at",schemaPath:"#/properties/next_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data0)){
validate87.errors = [{instancePath:instancePath+"/next_at",schemaPath:"#/properties/next_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
}
}
}
}
else {
validate87.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate87.errors = vErrors;
return errors === 0;
}
validate87.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const problem = validate88;
const schema46 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"problem.schema.json","title":"Problem","description":"Every answer that is not a success (application/problem+json). detail and remedy are Japanese for staff.","type":"object","required":["title","status","code","detail"],"properties":{"type":{"type":"string","maxLength":300},"title":{"type":"string","maxLength":300},"status":{"type":"integer","minimum":400,"maximum":599},"code":{"type":"string","minLength":1,"maxLength":60,"pattern":"^[A-Z][A-Z0-9_]*(?![\\s\\S])"},"detail":{"type":"string","maxLength":2000},"item":{"type":"string","maxLength":300},"field":{"type":"string","maxLength":300},"remedy":{"type":"string","maxLength":2000},"holder":{"type":"string","maxLength":300},"left_out":{"type":"array","maxItems":10000,"items":{"$ref":"left_out.schema.json"}}}};

function validate88(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="problem.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate88.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.title === undefined) && (missing0 = "title")) || ((data.status === undefined) && (missing0 = "status"))) || ((data.code === undefined) && (missing0 = "code"))) || ((data.detail === undefined) && (missing0 = "detail"))){
validate88.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.type !== undefined){
let data0 = data.type;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(func1(data0) > 300){
validate88.errors = [{instancePath:instancePath+"/type",schemaPath:"#/properties/type/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/type",schemaPath:"#/properties/type/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.title !== undefined){
let data1 = data.title;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 300){
validate88.errors = [{instancePath:instancePath+"/title",schemaPath:"#/properties/title/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/title",schemaPath:"#/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.status !== undefined){
let data2 = data.status;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate88.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 599 || isNaN(data2)){
validate88.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/maximum",keyword:"maximum",params:{comparison: "<=", limit: 599},message:"must be <= 599"}];
return false;
}
else {
if(data2 < 400 || isNaN(data2)){
validate88.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/minimum",keyword:"minimum",params:{comparison: ">=", limit: 400},message:"must be >= 400"}];
return false;
}
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.code !== undefined){
let data3 = data.code;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(func1(data3) > 60){
validate88.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/maxLength",keyword:"maxLength",params:{limit: 60},message:"must NOT have more than 60 characters"}];
return false;
}
else {
if(func1(data3) < 1){
validate88.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern14.test(data3)){
validate88.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/pattern",keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_]*(?![\\s\\S])"},message:"must match pattern \""+"^[A-Z][A-Z0-9_]*(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate88.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.detail !== undefined){
let data4 = data.detail;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data4 === "string"){
if(func1(data4) > 2000){
validate88.errors = [{instancePath:instancePath+"/detail",schemaPath:"#/properties/detail/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters"}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/detail",schemaPath:"#/properties/detail/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.item !== undefined){
let data5 = data.item;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data5 === "string"){
if(func1(data5) > 300){
validate88.errors = [{instancePath:instancePath+"/item",schemaPath:"#/properties/item/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/item",schemaPath:"#/properties/item/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.field !== undefined){
let data6 = data.field;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data6 === "string"){
if(func1(data6) > 300){
validate88.errors = [{instancePath:instancePath+"/field",schemaPath:"#/properties/field/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/field",schemaPath:"#/properties/field/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.remedy !== undefined){
let data7 = data.remedy;
const _errs15 = errors;
if(errors === _errs15){
if(typeof data7 === "string"){
if(func1(data7) > 2000){
validate88.errors = [{instancePath:instancePath+"/remedy",schemaPath:"#/properties/remedy/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters"}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/remedy",schemaPath:"#/properties/remedy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.holder !== undefined){
let data8 = data.holder;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data8 === "string"){
if(func1(data8) > 300){
validate88.errors = [{instancePath:instancePath+"/holder",schemaPath:"#/properties/holder/maxLength",keyword:"maxLength",params:{limit: 300},message:"must NOT have more than 300 characters"}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/holder",schemaPath:"#/properties/holder/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.left_out !== undefined){
let data9 = data.left_out;
const _errs19 = errors;
if(errors === _errs19){
if(Array.isArray(data9)){
if(data9.length > 10000){
validate88.errors = [{instancePath:instancePath+"/left_out",schemaPath:"#/properties/left_out/maxItems",keyword:"maxItems",params:{limit: 10000},message:"must NOT have more than 10000 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
const _errs21 = errors;
if(!(validate56(data9[i0], {instancePath:instancePath+"/left_out/" + i0,parentData:data9,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
errors = vErrors.length;
}
var valid1 = _errs21 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate88.errors = [{instancePath:instancePath+"/left_out",schemaPath:"#/properties/left_out/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate88.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate88.errors = vErrors;
return errors === 0;
}
validate88.evaluated = {"props":{"type":true,"title":true,"status":true,"code":true,"detail":true,"item":true,"field":true,"remedy":true,"holder":true,"left_out":true},"dynamicProps":false,"dynamicItems":false};

export const runAnswer = validate90;
const schema47 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"run_answer.schema.json","title":"RunAnswer","description":"Answer of POST /accounts/{id}/runs","type":"object","required":["run_id","number","lease_seconds","server_time"],"properties":{"run_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"number":{"type":"integer","minimum":1,"maximum":9007199254740991},"lease_seconds":{"type":"integer","minimum":1,"maximum":86400},"server_time":{"type":"string","maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},"proof_pages":{"type":"array","description":"Orders whose own page was read well before, the newest first: whether one can be read still tells a changed layout from odd orders. As wanted_details","maxItems":10,"items":{"type":"string","minLength":1,"maxLength":80,"pattern":"^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"}}}};

function validate90(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="run_answer.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate90.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.run_id === undefined) && (missing0 = "run_id")) || ((data.number === undefined) && (missing0 = "number"))) || ((data.lease_seconds === undefined) && (missing0 = "lease_seconds"))) || ((data.server_time === undefined) && (missing0 = "server_time"))){
validate90.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.run_id !== undefined){
let data0 = data.run_id;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate90.errors = [{instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 9007199254740991 || isNaN(data0)){
validate90.errors = [{instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate90.errors = [{instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.number !== undefined){
let data1 = data.number;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate90.errors = [{instancePath:instancePath+"/number",schemaPath:"#/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate90.errors = [{instancePath:instancePath+"/number",schemaPath:"#/properties/number/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate90.errors = [{instancePath:instancePath+"/number",schemaPath:"#/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.lease_seconds !== undefined){
let data2 = data.lease_seconds;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate90.errors = [{instancePath:instancePath+"/lease_seconds",schemaPath:"#/properties/lease_seconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 86400 || isNaN(data2)){
validate90.errors = [{instancePath:instancePath+"/lease_seconds",schemaPath:"#/properties/lease_seconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"}];
return false;
}
else {
if(data2 < 1 || isNaN(data2)){
validate90.errors = [{instancePath:instancePath+"/lease_seconds",schemaPath:"#/properties/lease_seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.server_time !== undefined){
let data3 = data.server_time;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(func1(data3) > 27){
validate90.errors = [{instancePath:instancePath+"/server_time",schemaPath:"#/properties/server_time/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data3)){
validate90.errors = [{instancePath:instancePath+"/server_time",schemaPath:"#/properties/server_time/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
else {
validate90.errors = [{instancePath:instancePath+"/server_time",schemaPath:"#/properties/server_time/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.proof_pages !== undefined){
let data4 = data.proof_pages;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data4)){
if(data4.length > 10){
validate90.errors = [{instancePath:instancePath+"/proof_pages",schemaPath:"#/properties/proof_pages/maxItems",keyword:"maxItems",params:{limit: 10},message:"must NOT have more than 10 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs11 = errors;
if(errors === _errs11){
if(typeof data5 === "string"){
if(func1(data5) > 80){
validate90.errors = [{instancePath:instancePath+"/proof_pages/" + i0,schemaPath:"#/properties/proof_pages/items/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data5) < 1){
validate90.errors = [{instancePath:instancePath+"/proof_pages/" + i0,schemaPath:"#/properties/proof_pages/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
else {
if(!pattern20.test(data5)){
validate90.errors = [{instancePath:instancePath+"/proof_pages/" + i0,schemaPath:"#/properties/proof_pages/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9_-]+(/[^/\\s]+)?(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate90.errors = [{instancePath:instancePath+"/proof_pages/" + i0,schemaPath:"#/properties/proof_pages/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs11 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate90.errors = [{instancePath:instancePath+"/proof_pages",schemaPath:"#/properties/proof_pages/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate90.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate90.errors = vErrors;
return errors === 0;
}
validate90.evaluated = {"props":{"run_id":true,"number":true,"lease_seconds":true,"server_time":true,"proof_pages":true},"dynamicProps":false,"dynamicItems":false};

export const runRequest = validate91;
const schema48 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"run_request.schema.json","title":"RunRequest","description":"POST /accounts/{id}/runs","type":"object","required":["trigger","sent_at"],"properties":{"trigger":{"enum":["button","schedule"]},"sent_at":{"type":"string","maxLength":27,"pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"}},"additionalProperties":false};

function validate91(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="run_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate91.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.trigger === undefined) && (missing0 = "trigger")) || ((data.sent_at === undefined) && (missing0 = "sent_at"))){
validate91.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((key0 === "trigger") || (key0 === "sent_at"))){
validate91.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.trigger !== undefined){
let data0 = data.trigger;
const _errs2 = errors;
if(!((data0 === "button") || (data0 === "schedule"))){
validate91.errors = [{instancePath:instancePath+"/trigger",schemaPath:"#/properties/trigger/enum",keyword:"enum",params:{allowedValues: schema48.properties.trigger.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sent_at !== undefined){
let data1 = data.sent_at;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(func1(data1) > 27){
validate91.errors = [{instancePath:instancePath+"/sent_at",schemaPath:"#/properties/sent_at/maxLength",keyword:"maxLength",params:{limit: 27},message:"must NOT have more than 27 characters"}];
return false;
}
else {
if(!pattern4.test(data1)){
validate91.errors = [{instancePath:instancePath+"/sent_at",schemaPath:"#/properties/sent_at/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"},message:"must match pattern \""+"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z(?![\\s\\S])"+"\""}];
return false;
}
}
}
else {
validate91.errors = [{instancePath:instancePath+"/sent_at",schemaPath:"#/properties/sent_at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate91.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate91.errors = vErrors;
return errors === 0;
}
validate91.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const sendingRequest = validate92;
const schema49 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"sending_request.schema.json","title":"SendingRequest","description":"POST /uploads/{id}/sending: just before the one click","type":"object","required":["nonce"],"properties":{"nonce":{"type":"string","minLength":8,"maxLength":80,"pattern":"^[A-Za-z0-9-]+(?![\\s\\S])"}},"additionalProperties":false};

function validate92(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="sending_request.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate92.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.nonce === undefined) && (missing0 = "nonce")){
validate92.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(key0 === "nonce")){
validate92.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.nonce !== undefined){
let data0 = data.nonce;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(func1(data0) > 80){
validate92.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/maxLength",keyword:"maxLength",params:{limit: 80},message:"must NOT have more than 80 characters"}];
return false;
}
else {
if(func1(data0) < 8){
validate92.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/minLength",keyword:"minLength",params:{limit: 8},message:"must NOT have fewer than 8 characters"}];
return false;
}
else {
if(!pattern8.test(data0)){
validate92.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]+(?![\\s\\S])"},message:"must match pattern \""+"^[A-Za-z0-9-]+(?![\\s\\S])"+"\""}];
return false;
}
}
}
}
else {
validate92.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
}
}
}
else {
validate92.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate92.errors = vErrors;
return errors === 0;
}
validate92.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const upload = validate93;
const schema50 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"upload.schema.json","title":"Upload","description":"A direct upload of a file and what became of its items; `file` while it may still be sent","type":"object","required":["id","batch_id","account_id","state","message","file","items"],"properties":{"id":{"type":"integer","minimum":1,"maximum":9007199254740991},"batch_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"account_id":{"type":"integer","minimum":1,"maximum":9007199254740991},"state":{"type":"string","enum":["claimed","sending","accepted","refused","not_taken","unknown","abandoned"]},"message":{"type":["string","null"],"maxLength":1000},"file":{"anyOf":[{"$ref":"download_answer.schema.json"},{"type":"null"}]},"items":{"type":"array","maxItems":5000,"items":{"type":"object","title":"UploadItem","required":["position","management_number","title","state","state_label","reason"],"properties":{"position":{"type":"integer","minimum":1,"maximum":5000},"management_number":{"type":"string","minLength":1,"maxLength":100},"title":{"type":"string","maxLength":500},"state":{"type":"string","enum":["queued","processing","active","sold_out","ended","failed","needs_review","withdrawn"]},"state_label":{"type":"string","minLength":1,"maxLength":20},"reason":{"type":["string","null"],"maxLength":1000},"risk":{"description":"Why it is not to be put up for sale any more although it was uploaded: it is gone, or listed again","type":["string","null"],"maxLength":200}}}}}};

function validate93(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="upload.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate93.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.id === undefined) && (missing0 = "id")) || ((data.batch_id === undefined) && (missing0 = "batch_id"))) || ((data.account_id === undefined) && (missing0 = "account_id"))) || ((data.state === undefined) && (missing0 = "state"))) || ((data.message === undefined) && (missing0 = "message"))) || ((data.file === undefined) && (missing0 = "file"))) || ((data.items === undefined) && (missing0 = "items"))){
validate93.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.id !== undefined){
let data0 = data.id;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate93.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 9007199254740991 || isNaN(data0)){
validate93.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate93.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.batch_id !== undefined){
let data1 = data.batch_id;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate93.errors = [{instancePath:instancePath+"/batch_id",schemaPath:"#/properties/batch_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate93.errors = [{instancePath:instancePath+"/batch_id",schemaPath:"#/properties/batch_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate93.errors = [{instancePath:instancePath+"/batch_id",schemaPath:"#/properties/batch_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.account_id !== undefined){
let data2 = data.account_id;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate93.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 9007199254740991 || isNaN(data2)){
validate93.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"}];
return false;
}
else {
if(data2 < 1 || isNaN(data2)){
validate93.errors = [{instancePath:instancePath+"/account_id",schemaPath:"#/properties/account_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.state !== undefined){
let data3 = data.state;
const _errs7 = errors;
if(typeof data3 !== "string"){
validate93.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((((((data3 === "claimed") || (data3 === "sending")) || (data3 === "accepted")) || (data3 === "refused")) || (data3 === "not_taken")) || (data3 === "unknown")) || (data3 === "abandoned"))){
validate93.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/enum",keyword:"enum",params:{allowedValues: schema50.properties.state.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
let data4 = data.message;
const _errs9 = errors;
if((typeof data4 !== "string") && (data4 !== null)){
validate93.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: schema50.properties.message.type},message:"must be string,null"}];
return false;
}
if(errors === _errs9){
if(typeof data4 === "string"){
if(func1(data4) > 1000){
validate93.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"}];
return false;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
let data5 = data.file;
const _errs11 = errors;
const _errs12 = errors;
let valid1 = false;
const _errs13 = errors;
if(!(validate71(data5, {instancePath:instancePath+"/file",parentData:data,parentDataProperty:"file",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate71.errors : vErrors.concat(validate71.errors);
errors = vErrors.length;
}
var _valid0 = _errs13 === errors;
valid1 = valid1 || _valid0;
if(_valid0){
var props0 = {};
props0.url = true;
props0.file_name = true;
props0.size_bytes = true;
props0.sha256 = true;
props0.expires_at = true;
}
const _errs14 = errors;
if(data5 !== null){
const err0 = {instancePath:instancePath+"/file",schemaPath:"#/properties/file/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs14 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const err1 = {instancePath:instancePath+"/file",schemaPath:"#/properties/file/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate93.errors = vErrors;
return false;
}
else {
errors = _errs12;
if(vErrors !== null){
if(_errs12){
vErrors.length = _errs12;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.items !== undefined){
let data6 = data.items;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
if(data6.length > 5000){
validate93.errors = [{instancePath:instancePath+"/items",schemaPath:"#/properties/items/maxItems",keyword:"maxItems",params:{limit: 5000},message:"must NOT have more than 5000 items"}];
return false;
}
else {
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing1;
if(((((((data7.position === undefined) && (missing1 = "position")) || ((data7.management_number === undefined) && (missing1 = "management_number"))) || ((data7.title === undefined) && (missing1 = "title"))) || ((data7.state === undefined) && (missing1 = "state"))) || ((data7.state_label === undefined) && (missing1 = "state_label"))) || ((data7.reason === undefined) && (missing1 = "reason"))){
validate93.errors = [{instancePath:instancePath+"/items/" + i0,schemaPath:"#/properties/items/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
if(data7.position !== undefined){
let data8 = data7.position;
const _errs20 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/position",schemaPath:"#/properties/items/items/properties/position/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs20){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 5000 || isNaN(data8)){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/position",schemaPath:"#/properties/items/items/properties/position/maximum",keyword:"maximum",params:{comparison: "<=", limit: 5000},message:"must be <= 5000"}];
return false;
}
else {
if(data8 < 1 || isNaN(data8)){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/position",schemaPath:"#/properties/items/items/properties/position/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
}
var valid3 = _errs20 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data7.management_number !== undefined){
let data9 = data7.management_number;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(func1(data9) > 100){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/management_number",schemaPath:"#/properties/items/items/properties/management_number/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters"}];
return false;
}
else {
if(func1(data9) < 1){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/management_number",schemaPath:"#/properties/items/items/properties/management_number/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/management_number",schemaPath:"#/properties/items/items/properties/management_number/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs22 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data7.title !== undefined){
let data10 = data7.title;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(func1(data10) > 500){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/title",schemaPath:"#/properties/items/items/properties/title/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters"}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/title",schemaPath:"#/properties/items/items/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs24 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data7.state !== undefined){
let data11 = data7.state;
const _errs26 = errors;
if(typeof data11 !== "string"){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/state",schemaPath:"#/properties/items/items/properties/state/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((((((((data11 === "queued") || (data11 === "processing")) || (data11 === "active")) || (data11 === "sold_out")) || (data11 === "ended")) || (data11 === "failed")) || (data11 === "needs_review")) || (data11 === "withdrawn"))){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/state",schemaPath:"#/properties/items/items/properties/state/enum",keyword:"enum",params:{allowedValues: schema50.properties.items.items.properties.state.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid3 = _errs26 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data7.state_label !== undefined){
let data12 = data7.state_label;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data12 === "string"){
if(func1(data12) > 20){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/state_label",schemaPath:"#/properties/items/items/properties/state_label/maxLength",keyword:"maxLength",params:{limit: 20},message:"must NOT have more than 20 characters"}];
return false;
}
else {
if(func1(data12) < 1){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/state_label",schemaPath:"#/properties/items/items/properties/state_label/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/state_label",schemaPath:"#/properties/items/items/properties/state_label/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs28 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data7.reason !== undefined){
let data13 = data7.reason;
const _errs30 = errors;
if((typeof data13 !== "string") && (data13 !== null)){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/reason",schemaPath:"#/properties/items/items/properties/reason/type",keyword:"type",params:{type: schema50.properties.items.items.properties.reason.type},message:"must be string,null"}];
return false;
}
if(errors === _errs30){
if(typeof data13 === "string"){
if(func1(data13) > 1000){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/reason",schemaPath:"#/properties/items/items/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters"}];
return false;
}
}
}
var valid3 = _errs30 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data7.risk !== undefined){
let data14 = data7.risk;
const _errs32 = errors;
if((typeof data14 !== "string") && (data14 !== null)){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/risk",schemaPath:"#/properties/items/items/properties/risk/type",keyword:"type",params:{type: schema50.properties.items.items.properties.risk.type},message:"must be string,null"}];
return false;
}
if(errors === _errs32){
if(typeof data14 === "string"){
if(func1(data14) > 200){
validate93.errors = [{instancePath:instancePath+"/items/" + i0+"/risk",schemaPath:"#/properties/items/items/properties/risk/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters"}];
return false;
}
}
}
var valid3 = _errs32 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/items/" + i0,schemaPath:"#/properties/items/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/items",schemaPath:"#/properties/items/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate93.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate93.errors = vErrors;
return errors === 0;
}
validate93.evaluated = {"props":{"id":true,"batch_id":true,"account_id":true,"state":true,"message":true,"file":true,"items":true},"dynamicProps":false,"dynamicItems":false};

