#pragma once
// CUDA graphs: what is launched into a stream while it is captured, to be launched again as a
// whole; and loops and branches in them that the device decides (conditional nodes, CUDA 12.4 and
// later).
#include <cstdlib>
#include <string>
#include <utility>

#include "backend/cuda_check.cuh"
#include "kubomag/error.hpp"

namespace kubomag {

class CudaGraph {
 public:
  CudaGraph() { KUBOMAG_CUDA(cudaGraphCreate(&graph_, 0)); }
  CudaGraph(CudaGraph&& other) noexcept
      : graph_(std::exchange(other.graph_, nullptr)),
        executable_(std::exchange(other.executable_, nullptr)) {}
  CudaGraph& operator=(CudaGraph&& other) noexcept {
    std::swap(graph_, other.graph_);
    std::swap(executable_, other.executable_);
    return *this;
  }
  ~CudaGraph() {
    if (executable_ != nullptr) cudaGraphExecDestroy(executable_);
    if (graph_ != nullptr) cudaGraphDestroy(graph_);
  }

  cudaGraph_t get() const { return graph_; }

  void make_executable() { KUBOMAG_CUDA(cudaGraphInstantiate(&executable_, graph_, 0)); }
  void launch(cudaStream_t stream) const { KUBOMAG_CUDA(cudaGraphLaunch(executable_, stream)); }

 private:
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t executable_ = nullptr;
};

namespace cuda {

/// Whether steps are recorded as graphs. KUBOMAG_CUDA_GRAPHS=off has their passes launched one by
/// one instead, for tools that do not take graphs: the same kernels, hence the same bits. Throws
/// InputError where it is neither on nor off.
inline bool graphs_wanted() {
  const char* set = std::getenv("KUBOMAG_CUDA_GRAPHS");
  const std::string name = set != nullptr ? set : "on";
  if (name == "on" || name == "off") return name == "on";
  throw InputError("the environment has KUBOMAG_CUDA_GRAPHS=" + name +
                   ": it must be on or off, or not be set");
}

/// Whether the driver knows conditional nodes.
inline bool has_conditional_nodes() {
  int version = 0;
  return cudaDriverGetVersion(&version) == cudaSuccess && version >= 12040;
}

/// Adds what `launches()` launches into `stream` to an empty graph. If it throws, nothing is
/// captured any more and the error has been taken off the runtime.
template <class Launches>
void capture(cudaStream_t stream, cudaGraph_t graph, const Launches& launches) {
  KUBOMAG_CUDA(cudaStreamBeginCaptureToGraph(stream, graph, nullptr, nullptr, 0,
                                             cudaStreamCaptureModeThreadLocal));
  cudaGraph_t captured = nullptr;
  try {
    launches();
  } catch (...) {
    cudaStreamEndCapture(stream, &captured);
    cudaGetLastError();
    throw;
  }
  KUBOMAG_CUDA(cudaStreamEndCapture(stream, &captured));
}

/// A number that kernels of the graph set and conditional nodes read. `holds`: it is 1 at every
/// launch of the graph; else it is as it was left.
inline cudaGraphConditionalHandle condition(cudaGraph_t graph, bool holds = false) {
  cudaGraphConditionalHandle handle{};
  KUBOMAG_CUDA(cudaGraphConditionalHandleCreate(&handle, graph, holds ? 1 : 0,
                                                holds ? cudaGraphCondAssignDefault : 0));
  return handle;
}

struct ConditionalNode {
  cudaGraphNode_t node;
  cudaGraph_t body;
};

/// A branch or loop that follows `after` (null: nothing) in the graph.
inline ConditionalNode add_conditional(cudaGraph_t graph, cudaGraphNode_t after,
                                       cudaGraphConditionalHandle handle,
                                       cudaGraphConditionalNodeType type) {
  cudaGraphNodeParams parameters{};
  parameters.type = cudaGraphNodeTypeConditional;
  parameters.conditional.handle = handle;
  parameters.conditional.type = type;
  parameters.conditional.size = 1;
  ConditionalNode made{};
  const std::size_t count = after == nullptr ? 0 : 1;
#if CUDART_VERSION >= 13000
  KUBOMAG_CUDA(cudaGraphAddNode(&made.node, graph, &after, nullptr, count, &parameters));
#else
  KUBOMAG_CUDA(cudaGraphAddNode(&made.node, graph, &after, count, &parameters));
#endif
  made.body = parameters.conditional.phGraph_out[0];
  return made;
}

/// The only node of a graph.
inline cudaGraphNode_t only_node(cudaGraph_t graph) {
  cudaGraphNode_t node = nullptr;
  std::size_t count = 1;
  KUBOMAG_CUDA(cudaGraphGetNodes(graph, &node, &count));
  return node;
}

}  // namespace cuda
}  // namespace kubomag
