// Memory, streams and graphs of the emulated runtime. A stream holds what it was given until the
// host waits for it, and a graph until it is launched: the latest that a device may begin.
#include "cuda_runtime.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "control.hpp"
#include "device_memory.hpp"

using Work = std::function<void()>;
using cuda_emulation::DeviceAccess;
using cuda_emulation::enqueue;
using cuda_emulation::on_device;
using cuda_emulation::set_error;

struct CUgraph_st {
  std::vector<Work> nodes;
  std::vector<std::unique_ptr<CUgraph_st>> bodies;
  std::vector<std::unique_ptr<cudaGraph_t>> body_arrays;
  std::vector<cudaGraphConditionalHandle> reset;  // at every launch
  bool is_body = false;

  void run() const {
    for (const Work& work : nodes) work();
  }
};
struct CUgraphExec_st {
  std::shared_ptr<CUgraph_st> graph;
};
struct CUstream_st {
  std::deque<Work> queue;
  cudaGraph_t capturing = nullptr;
  std::thread::id by{};  // who captures, and
  bool alone = false;    // whether others may go on with what a capture forbids
};

namespace {

std::recursive_mutex mutex;
using Lock = std::lock_guard<std::recursive_mutex>;
std::set<cudaStream_t> streams;
std::map<const void*, std::size_t> pinned, shared_allowed;
std::map<cudaGraph_t, std::shared_ptr<CUgraph_st>> graphs;
std::size_t given = 0;
std::atomic<long> graphs_made = 0, waits = 0;
thread_local cudaError_t last_error = cudaSuccess;

bool old_driver = false, no_graphs = false;

struct Condition {
  unsigned value = 0, at_launch = 0;
};
std::map<cudaGraphConditionalHandle, Condition> conditions;

bool capturing() {
  return std::any_of(streams.begin(), streams.end(), [](auto s) {
    return s->capturing && (!s->alone || s->by == std::this_thread::get_id());
  });
}

void flush(cudaStream_t stream) {
  const DeviceAccess access;
  while (!stream->queue.empty()) {
    const Work work = std::move(stream->queue.front());
    stream->queue.pop_front();
    work();
  }
}
void flush_all() {
  for (const cudaStream_t stream : streams) flush(stream);
}

bool is_pinned(const void* memory) {
  const auto after = pinned.upper_bound(memory);
  if (after == pinned.begin()) return false;
  const auto before = std::prev(after);
  return static_cast<const char*>(memory) <
         static_cast<const char*>(before->first) + before->second;
}

bool places_fit(const void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const bool to_device = kind != cudaMemcpyDeviceToHost;
  const bool from_device = kind != cudaMemcpyHostToDevice;
  return on_device(to, bytes) == to_device && on_device(from, bytes) == from_device;
}

Work copying(void* to, const void* from, std::size_t bytes) {
  return [to, from, bytes] { std::memcpy(to, from, bytes); };
}

}  // namespace

namespace cuda_emulation {

cudaError_t set_error(cudaError_t status) {
  if (status != cudaSuccess) last_error = status;
  return status;
}

cudaError_t enqueue(cudaStream_t stream, Work work) {
  const Lock lock(mutex);
  ++given;
  if (stream == nullptr) {  // the legacy stream waits for nobody that does not wait for it
    if (capturing()) return set_error(cudaErrorStreamCaptureUnsupported);
    const DeviceAccess access;
    work();
  } else if (stream->capturing != nullptr) {
    stream->capturing->nodes.push_back(std::move(work));
  } else {
    stream->queue.push_back(std::move(work));
  }
  return cudaSuccess;
}

cudaError_t allow_shared_memory(const void* kernel, std::size_t bytes) {
  const Lock lock(mutex);
  if (bytes > largest_shared_memory) return set_error(cudaErrorInvalidValue);
  shared_allowed[kernel] = bytes;
  return cudaSuccess;
}

cudaError_t check_launch(const cudaLaunchConfig_t& config, const void* kernel) {
  const Lock lock(mutex);
  const dim3 grid = config.gridDim, block = config.blockDim;
  const auto allowed = shared_allowed.find(kernel);
  const std::size_t shared =
      allowed == shared_allowed.end() ? usual_shared_memory : allowed->second;
  const bool fits = grid.x > 0 && grid.y > 0 && grid.z > 0 && grid.y < 65536 && grid.z < 65536 &&
                    block.x > 0 && block.y > 0 && block.z > 0 && block.z <= 64 &&
                    block.x * block.y * block.z <= 1024 && config.dynamicSmemBytes <= shared;
  return set_error(fits ? cudaSuccess : cudaErrorInvalidConfiguration);
}

}  // namespace cuda_emulation

std::size_t cuda_emulation_work_count() {
  const Lock lock(mutex);
  return given;
}

const char* cudaGetErrorString(cudaError_t status) {
  switch (status) {
    case cudaSuccess:
      return "no error";
    case cudaErrorInvalidValue:
      return "invalid argument";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorInvalidConfiguration:
      return "invalid configuration argument";
    case cudaErrorStreamCaptureUnsupported:
      return "operation not permitted when stream is capturing";
    default:
      return "operation not supported";
  }
}
cudaError_t cudaPeekAtLastError() { return last_error; }
cudaError_t cudaGetLastError() { return std::exchange(last_error, cudaSuccess); }
cudaError_t cudaGetDeviceCount(int* count) {
  *count = 1;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  if (device != 0) return set_error(cudaErrorInvalidValue);
  *properties = {};
  std::snprintf(properties->name, sizeof(properties->name), "CUDA emulation");
  properties->major = 9, properties->minor = 0, properties->multiProcessorCount = 1;
  properties->totalGlobalMem = std::size_t{8} << 30;
  properties->sharedMemPerBlockOptin = cuda_emulation::largest_shared_memory;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  return set_error(device == 0 ? cudaSuccess : cudaErrorInvalidValue);
}
cudaError_t cudaGetDevice(int* device) {
  *device = 0;
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* version) {
  *version = old_driver ? 12000 : CUDART_VERSION;
  return cudaSuccess;
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  const Lock lock(mutex);
  *total = cuda_emulation::device_bytes;
  *free = *total - cuda_emulation::allocated();
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  const Lock lock(mutex);
  if (capturing()) return set_error(cudaErrorStreamCaptureUnsupported);
  *memory = cuda_emulation::allocate(bytes);
  return set_error(*memory != nullptr ? cudaSuccess : cudaErrorMemoryAllocation);
}
cudaError_t cudaFree(void* memory) {
  const Lock lock(mutex);
  if (memory == nullptr) return cudaSuccess;
  if (capturing()) return set_error(cudaErrorStreamCaptureUnsupported);
  flush_all();
  return set_error(cuda_emulation::release(memory) ? cudaSuccess : cudaErrorInvalidValue);
}
cudaError_t cudaMallocHost(void** memory, std::size_t bytes) {
  const Lock lock(mutex);
  if (capturing()) return set_error(cudaErrorStreamCaptureUnsupported);
  *memory = std::malloc(bytes);
  std::memset(*memory, 0xff, bytes);
  pinned[*memory] = bytes;
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* memory) {
  const Lock lock(mutex);
  flush_all();
  if (pinned.erase(memory) == 0) return set_error(cudaErrorInvalidValue);
  std::free(memory);
  return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void* memory, int value, std::size_t bytes, cudaStream_t stream) {
  const Lock lock(mutex);
  if (!on_device(memory, bytes)) return set_error(cudaErrorInvalidValue);
  return enqueue(stream, [=] { cuda_emulation::set_bytes(memory, value, bytes); });
}
cudaError_t cudaMemset(void* memory, int value, std::size_t bytes) {
  return cudaMemsetAsync(memory, value, bytes, nullptr);
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  const Lock lock(mutex);
  if (bytes == 0) return cudaSuccess;
  if (!places_fit(to, from, bytes, kind)) return set_error(cudaErrorInvalidValue);
  const bool pageable = (kind == cudaMemcpyHostToDevice && !is_pinned(from)) ||
                        (kind == cudaMemcpyDeviceToHost && !is_pinned(to));
  if (!pageable || stream == nullptr) return enqueue(stream, copying(to, from, bytes));
  if (stream->capturing != nullptr) {
    if (stream->capturing->is_body) return set_error(cudaErrorNotSupported);
    return enqueue(stream, copying(to, from, bytes));
  }
  if (kind == cudaMemcpyHostToDevice) {  // the bytes are on their way when the call returns
    auto bytes_now = std::make_shared<std::vector<char>>(static_cast<const char*>(from),
                                                         static_cast<const char*>(from) + bytes);
    return enqueue(stream, [=] { std::memcpy(to, bytes_now->data(), bytes); });
  }
  flush(stream), ++waits;
  const DeviceAccess access;
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  return cudaMemcpyAsync(to, from, bytes, kind, nullptr);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  const Lock lock(mutex);
  if (flags != cudaStreamNonBlocking) return set_error(cudaErrorNotSupported);
  *stream = new CUstream_st;
  streams.insert(*stream);
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const Lock lock(mutex);
  flush(stream);
  streams.erase(stream);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const Lock lock(mutex);
  if (capturing()) return set_error(cudaErrorStreamCaptureUnsupported);
  if (stream != nullptr && !stream->queue.empty()) flush(stream), ++waits;
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() {
  const Lock lock(mutex);
  if (capturing()) return set_error(cudaErrorStreamCaptureUnsupported);
  flush_all();
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCaptureToGraph(cudaStream_t stream, cudaGraph_t graph,
                                          const cudaGraphNode_t*, const cudaGraphEdgeData*,
                                          std::size_t, cudaStreamCaptureMode mode) {
  const Lock lock(mutex);
  if (stream == nullptr || stream->capturing != nullptr) return set_error(cudaErrorInvalidValue);
  stream->capturing = graph;
  stream->by = std::this_thread::get_id();
  stream->alone = mode == cudaStreamCaptureModeThreadLocal;
  return cudaSuccess;
}
cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  cudaGraph_t graph = nullptr;
  const cudaError_t status = cudaGraphCreate(&graph, 0);
  return status != cudaSuccess
             ? status
             : cudaStreamBeginCaptureToGraph(stream, graph, nullptr, nullptr, 0, mode);
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  const Lock lock(mutex);
  if (stream == nullptr || stream->capturing == nullptr) return set_error(cudaErrorInvalidValue);
  *graph = std::exchange(stream->capturing, nullptr);
  return cudaSuccess;
}

cudaError_t cudaGraphCreate(cudaGraph_t* graph, unsigned) {
  const Lock lock(mutex);
  if (no_graphs) return set_error(cudaErrorNotSupported);
  auto made = std::make_shared<CUgraph_st>();
  *graph = made.get();
  graphs.emplace(*graph, std::move(made));
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  const Lock lock(mutex);
  return set_error(graphs.erase(graph) == 1 ? cudaSuccess : cudaErrorInvalidValue);
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* made, cudaGraph_t graph, unsigned long long) {
  const Lock lock(mutex);
  const auto found = graphs.find(graph);
  if (found == graphs.end()) return set_error(cudaErrorInvalidValue);
  *made = new CUgraphExec_st{found->second};
  ++graphs_made;
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t graph) {
  const Lock lock(mutex);
  flush_all();
  delete graph;
  return cudaSuccess;
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t graph, cudaStream_t stream) {
  const Lock lock(mutex);
  if (capturing()) return set_error(cudaErrorStreamCaptureUnsupported);
  return enqueue(stream, [graph = graph->graph] {
    for (const auto handle : graph->reset) conditions[handle].value = conditions[handle].at_launch;
    graph->run();
  });
}

cudaError_t cudaGraphConditionalHandleCreate(cudaGraphConditionalHandle* handle, cudaGraph_t graph,
                                             unsigned at_launch, unsigned flags) {
  const Lock lock(mutex);
  if (graphs.count(graph) == 0) return set_error(cudaErrorInvalidValue);
  *handle = conditions.size() + 1;
  conditions[*handle] = {at_launch, at_launch};
  if (flags == cudaGraphCondAssignDefault) graph->reset.push_back(*handle);
  return cudaSuccess;
}
cudaError_t cudaGraphAddNode(cudaGraphNode_t* node, cudaGraph_t graph, const cudaGraphNode_t*,
                             const cudaGraphEdgeData*, std::size_t,
                             cudaGraphNodeParams* parameters) {
  const Lock lock(mutex);
  cudaConditionalNodeParams& wanted = parameters->conditional;
  if (parameters->type != cudaGraphNodeTypeConditional || wanted.size != 1 ||
      conditions.count(wanted.handle) == 0)
    return set_error(cudaErrorNotSupported);
  graph->bodies.push_back(std::make_unique<CUgraph_st>());
  const cudaGraph_t body = graph->bodies.back().get();
  body->is_body = true;
  const bool again = wanted.type == cudaGraphCondTypeWhile;
  graph->nodes.push_back([body, again, handle = wanted.handle] {
    while (conditions[handle].value != 0) {
      body->run();
      if (!again) break;
    }
  });
  wanted.phGraph_out = new cudaGraph_t(body);
  graph->body_arrays.emplace_back(wanted.phGraph_out);
  *node = reinterpret_cast<cudaGraphNode_t>(body);
  return cudaSuccess;
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, std::size_t* count) {
  const Lock lock(mutex);
  for (std::size_t i = 0; i < graph->nodes.size() && i < *count; ++i)
    nodes[i] = reinterpret_cast<cudaGraphNode_t>(&graph->nodes[i]);
  *count = graph->nodes.size();
  return cudaSuccess;
}

long cuda_emulation_graphs_made() { return graphs_made; }
long cuda_emulation_waits() { return waits; }
void cuda_emulation_old_driver(bool old) { old_driver = old; }
void cuda_emulation_no_graphs(bool none) { no_graphs = none; }
void cudaGraphSetConditional(cudaGraphConditionalHandle handle, unsigned value) {
  conditions.at(handle).value = value;
}
